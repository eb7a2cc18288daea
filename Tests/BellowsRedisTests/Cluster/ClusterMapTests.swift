import Testing

@testable import BellowsRedis

@Suite struct ClusterMapTests {
    private typealias Node = RedisConfiguration.Node
    private let a = Node(host: "10.0.0.1", port: 1)
    private let b = Node(host: "10.0.0.2", port: 2)

    private func range(_ first: Int64, _ last: Int64, _ host: RedisReply, _ port: Int64) -> RedisReply {
        let node = RedisReply.array([host, .integer(port), .bytes(Array("id".utf8)), .array([])])
        let replica = RedisReply.array([.bytes(Array("10.0.0.9".utf8)), .integer(9), .bytes(Array("r".utf8))])
        return .array([.integer(first), .integer(last), node, replica])
    }

    private func text(_ text: String) -> RedisReply { .bytes(Array(text.utf8)) }

    @Test("The answer to CLUSTER SLOTS is read; replicas keep nothing")
    func reads() throws {
        let reply = RedisReply.array([range(0, 99, text("10.0.0.1"), 1), range(101, 16_383, text("10.0.0.2"), 2)])
        let map = try #require(ClusterMap(slots: reply, from: "seed"))
        #expect(map.primaries == [a, b])
        #expect(map.primary(of: try #require(HashSlot(number: 99))) == a)
        #expect(map.primary(of: try #require(HashSlot(number: 100))) == nil)
        #expect(map.primary(of: try #require(HashSlot(number: 16_383))) == b)
    }

    @Test("A server that does not know its address is where the answer came from", arguments: ["", "?"])
    func fillsIn(host: String) {
        let map = ClusterMap(slots: .array([range(0, 16_383, text(host), 7)]), from: "seed")
        #expect(map?.primaries == [Node(host: "seed", port: 7)])
    }

    @Test("What makes no sense is no map")
    func refuses() {
        #expect(ClusterMap(slots: .null, from: "seed") == nil)
        #expect(ClusterMap(slots: .array([.integer(1)]), from: "seed") == nil)
        for (first, last) in [(5, 4), (-1, 3), (0, 16_384)] as [(Int64, Int64)] {
            #expect(ClusterMap(slots: .array([range(first, last, text("h"), 1)]), from: "seed") == nil)
        }
        #expect(ClusterMap(slots: .array([range(0, 1, text("h"), 70_000)]), from: "seed") == nil)
        #expect(ClusterMap(slots: .array([range(0, 1, text("h"), 0)]), from: "seed") == nil)
        #expect(ClusterMap(slots: .array([]), from: "seed")?.isEmpty == true)
    }

    @Test("A map on which a slot is missing is not complete; more ranges than slots are no map")
    func completeness() throws {
        let whole = ClusterMap(slots: .array([range(0, 16_383, text("h"), 1)]), from: "seed")
        #expect(whole?.isComplete == true)
        let part = ClusterMap(slots: .array([range(0, 16_382, text("h"), 1)]), from: "seed")
        #expect(part?.isComplete == false)
        let many = (0...HashSlot.count).map { range(0, 0, text("h\($0)"), 1) }
        #expect(ClusterMap(slots: .array(many), from: "seed") == nil)
    }

    @Test("A slot that has moved is found at its new place, and a server without slots is none any more")
    func moves() throws {
        let reply = RedisReply.array([range(7, 7, text("10.0.0.1"), 1)])
        var map = try #require(ClusterMap(slots: reply, from: "seed"))
        let slot = try #require(HashSlot(number: 7))
        map.move(slot, to: b)
        #expect(map.primary(of: slot) == b)
        #expect(map.primaries == [b])
    }

    @Test(
        "Redirects are read",
        arguments: [
            ("MOVED 3999 127.0.0.1:6381", "moved 3999 127.0.0.1:6381"), ("ASK 1 host:2", "ask host:2"),
            ("MOVED 3999 ::1:6381", "moved 3999 [::1]:6381"), ("MOVED 3999 :6381", nil), ("MOVED 99999 h:1", nil),
            ("MOVED 1 h:99999", nil), ("MOVED 1 h", nil), ("MOVED", nil), ("TRYAGAIN 1 h:1", nil),
        ]
    )
    func redirects(message: String, expected: String?) {
        let text: String? =
            switch ClusterRedirect(message) {
            case .moved(let slot, let node): "moved \(slot.number) \(node)"
            case .ask(let node): "ask \(node)"
            case nil: nil
            }
        #expect(text == expected)
    }
}
