import Bellows
import Testing

@testable import BellowsRedis

/// Scripts have limits of their own in their text; they are those of the verbs.
@Suite struct ScriptLimitTests {
    @Test(
        "The numbers in the scripts are those of the verbs",
        arguments: [
            ("candidates", "size > \(VerbLimits.callBytes)"), ("bury", "- \(VerbLimits.keptDeadLetters)"),
            ("lookup", "size >= \(VerbLimits.callBytes)"),
            ("bury", "time - \(VerbLimits.deadLetterRetention.millisecondsRoundedUp)"),
        ]
    )
    func limits(_ file: String, _ text: String) throws {
        let source = try #require(LuaFiles.scripts[file] ?? LuaFiles.parts[file])
        #expect(source.contains(text))
    }

    @Test("As many records as a claim hands out unseen go in one call, and both places have the same bound")
    func unseenRecords() throws {
        let store = try #require(LuaFiles.parts["store"]?.firstMatch(of: /#records\[i\] > (\d+)/))
        let publish = try #require(LuaFiles.scripts["publish"]?.firstMatch(of: /#ARGV\[6\] <= (\d+)/))
        #expect(store.1 == publish.1)
        let bytes = try #require(Int(store.1))
        #expect(bytes * VerbLimits.claimedTasks <= VerbLimits.callBytes)
    }
}
