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
        ]
    )
    func limits(_ file: String, _ text: String) throws {
        let source = try #require(LuaFiles.scripts[file] ?? LuaFiles.parts[file])
        #expect(source.contains(text))
    }
}
