import Bellows
import Testing

@testable import BellowsRedis

@Suite struct RedisKeySpaceTests {
    private let keys = RedisKeySpace(prefix: "my:app")

    @Test("Keys are those of the documented layout")
    func layout() throws {
        let name = try TaskName("images:thumb")
        #expect(keys.marker(of: nil) == "my:app:layout")
        #expect(keys.base(of: name) == "my:app:2:{images:thumb}")
        #expect(keys.wakeChannel(of: name) == "my:app:2:{images:thumb}:wake")
        #expect(keys.pattern == "my:app:2:{*")
        #expect(keys.key(.deadReasons, of: name) == "my:app:2:{images:thumb}:dead-reasons")
        #expect(keys.key(.result, of: name, owner: "a:b") == "my:app:2:{images:thumb}:r a:b")
    }

    @Test(
        "A name is found in all of its keys",
        arguments: ["", ":line", ":r some:id", ":replay 0123456789abcdef", ":wake"]
    )
    func findsName(suffix: String) throws {
        let name = try TaskName("a:b/c-d.e_1")
        #expect(keys.name(ofKey: keys.base(of: name) + suffix) == name)
    }

    @Test("A key tells its kind", arguments: RedisKey.allCases)
    func kind(key: RedisKey) throws {
        let name = try TaskName("a:b")
        #expect(RedisKeySpace.kind(of: keys.key(key, of: name, owner: "x")) == (key.hasOwner ? key : nil))
        #expect(RedisKeySpace.kind(of: keys.key(key, of: name)) == (key.hasOwner ? nil : key))
    }

    @Test("Markers are there without tasks")
    func ignoresMarkers() throws {
        let name = try TaskName("a")
        for key in RedisKey.allCases {
            let found = keys.name(
                ofKey: keys.key(key, of: name, owner: key.hasOwner ? "x" : nil),
                ignoringMarkers: true
            )
            #expect((found == nil) == (key == .layout || key == .partitions))
        }
    }

    @Test(
        "Other keys are none of ours",
        arguments: [
            "", "my:app:layout", "my:app:1:{a}:line", "my:app:2:{}:q", "my:app:2:}a{", "my:app:2:{a b}",
            "other:2:{a}:line",
            "my:app:2:inbox:0123456789abcdef", "my:app:2:{a",
        ]
    )
    func ignoresOthers(key: String) {
        #expect(keys.name(ofKey: key) == nil)
    }

    @Test("No two processes and no two claims have the same nonce")
    func nonces() {
        let (first, second) = (ClientID(), ClientID())
        #expect(first.text.utf8.count == 16)
        #expect(first.text != second.text)
        #expect(first.nextClaim() == "\(first.text)-1")
        #expect(first.nextClaim() == "\(first.text)-2")
    }
}
