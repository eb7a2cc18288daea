import Bellows
import Testing

@testable import BellowsRedis

@Suite struct ServerFactsTests {
    private static let good =
        "# Server\r\nredis_version:7.0.15\r\nloading:0\r\naof_enabled:1\r\nrole:master\r\ncluster_enabled:0\r\n"
        + "maxmemory_policy:noeviction\r\n"

    @Test("A server of its own is fine")
    func good() {
        let facts = ServerFacts(info: Self.good)
        #expect(facts.refusal(allowingEviction: false) == nil)
        #expect(facts.appendsToFile == true)
        #expect(facts.version?.major == 7)
    }

    @Test(
        "Others are refused",
        arguments: [
            ("redis_version:7.0.15", "redis_version:6.0.16", BellowsError.Code.unsupportedServer),
            ("redis_version:7.0.15", "redis_version:5", .unsupportedServer),
            ("role:master", "role:slave", .notPrimary), ("loading:0", "loading:1", .unavailable),
            ("cluster_enabled:0", "cluster_enabled:1", .unsupportedServer),
            ("policy:noeviction", "policy:allkeys-lru", .unsupportedServer),
        ]
    )
    func refuses(old: String, new: String, code: BellowsError.Code) {
        let facts = ServerFacts(info: Self.good.replacing(old, with: new))
        #expect(facts.refusal(allowingEviction: false)?.code == code)
    }

    @Test("An evicting server is taken if that is wanted")
    func allowsEviction() {
        let facts = ServerFacts(info: Self.good.replacing("noeviction", with: "volatile-ttl"))
        #expect(facts.refusal(allowingEviction: true) == nil)
    }

    @Test("What is not told is not held against it", arguments: ["", "nonsense\r\n:\r\nrole", "redis_version:7.2\r\n"])
    func unknown(info: String) {
        #expect(ServerFacts(info: info).refusal(allowingEviction: false) == nil)
    }

    @Test("Version 6.2 is new enough")
    func oldest() {
        let facts = ServerFacts(info: Self.good.replacing("7.0.15", with: "6.2.0"))
        #expect(facts.refusal(allowingEviction: false) == nil)
    }

    @Test("A cluster needs version 7; the line says so, whichever way it is addressed")
    func oldCluster() {
        let old = Self.good.replacing("7.0.15", with: "6.2.14").replacing(
            "cluster_enabled:0",
            with: "cluster_enabled:1"
        )
        for role in [ServerFacts.Role.onlyServer, .clusterPrimary, .clusterGuide] {
            let refusal = ServerFacts(info: old).refusal(allowingEviction: false, as: role)
            #expect(refusal?.code == .unsupportedServer)
            #expect(refusal?.message == "Redis 6.2.14 is too old for a cluster: 7.0.0 or later is needed")
        }
    }

    @Test("Valkey goes by its own name and version")
    func valkey() {
        let lines = ["redis_version:7.2.4", "server_name:valkey", "valkey_version:8.1.1"]
        for info in [lines, lines.reversed()] {
            let facts = ServerFacts(info: info.joined(separator: "\r\n"))
            #expect(facts.product == "Valkey")
            #expect(facts.version == ServerVersion(8, 1, 1))
            #expect(facts.refusal(allowingEviction: false) == nil)
        }
        #expect(ServerFacts(info: Self.good).product == "Redis")
    }

    @Test("Signals are heard from a primary only; whoever may not ask is served all the same")
    func primaryOnly() {
        let step = HandshakeStep.primaryOnly
        #expect(step.check(.bytes(Array("role:slave\r\n".utf8)))?.code == .notPrimary)
        #expect(step.check(.bytes(Array("role:master\r\n".utf8))) == nil)
        #expect(step.check(.error(RedisServerError("NOPERM this user has no permissions"))) == nil)
    }
}
