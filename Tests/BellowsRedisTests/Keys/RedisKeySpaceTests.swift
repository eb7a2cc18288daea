import Bellows
import Testing

@testable import BellowsRedis

@Suite struct RedisKeySpaceTests {
    private let keys = RedisKeySpace(prefix: "my:app")

    @Test("Keys are those of the documented layout")
    func layout() throws {
        let name = try TaskName("images:{thumb}".filter { !"{}".contains($0) })
        #expect(keys.marker(of: nil) == "my:app:layout")
        #expect(keys.base(of: name) == "my:app:1:{images:thumb}")
        #expect(keys.wakeChannel(of: name) == "my:app:1:{images:thumb}:wake")
        #expect(keys.pattern == "my:app:1:{*")
    }

    @Test("A name is found in all of its keys", arguments: ["", ":q", ":r:some:id", ":c:0123456789abcdef", ":wake"])
    func findsName(suffix: String) throws {
        let name = try TaskName("a:b/c-d.e_1")
        #expect(keys.name(ofKey: keys.base(of: name) + suffix) == name)
    }

    @Test(
        "Other keys are none of ours",
        arguments: [
            "", "my:app:layout", "my:app:2:{a}:q", "my:app:1:{}:q", "my:app:1:}a{", "my:app:1:{a b}", "other:1:{a}:q",
            "my:app:1:inbox:0123456789abcdef", "my:app:1:{a",
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
