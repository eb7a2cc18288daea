import Testing

@testable import BellowsRedis

@Suite struct ScriptDialectTests {
    @Test("In a cluster scripts publish only in their own slot", arguments: RedisScript.allCases)
    func translates(script: RedisScript) {
        let text = ScriptDialect.cluster.translate(script.text)
        #expect(!text.contains("'PUBLISH'"))
        #expect(!text.contains("string.match(B, '^(.*):{')"))
        #expect(text.contains("PUBLISH") == script.text.contains("PUBLISH"))
    }

    @Test("In a cluster a call names a second key, so that a slot that is moving takes no call")
    func keys() {
        #expect(ScriptDialect.server.keys(["p:1:{a}"]) == ["p:1:{a}"])
        #expect(ScriptDialect.cluster.keys(["p:1:{a}"]) == ["p:1:{a}", "p:1:{a}:~"])
        #expect(ScriptDialect.cluster.keys(["p:1:{a}:layout", "p:1:{a}"]) == ["p:1:{a}:layout", "p:1:{a}"])
    }
}
