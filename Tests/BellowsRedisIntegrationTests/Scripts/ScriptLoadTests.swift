import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

/// Lua's own limits, such as 60 upvalues of a function and 200 locals, show when a server compiles a text.
@Suite("Every text of a script compiles on a server", .turn)
struct ScriptLoadTests {
    @Test("For one server and for a cluster, plain, managed and recorded", arguments: RedisScript.allCases)
    func compiles(script: RedisScript) throws {
        let probe = try RedisProbe(port: try RedisServer.shared.get().port)
        for plain in [script.text, script.managedText] {
            for dialect in [ScriptDialect.server, .cluster] {
                let text = dialect.translate(plain)
                for whole in [text, ScriptRecorder.record(text, of: script)] {
                    let reply = try probe.command("SCRIPT", "LOAD", whole)
                    #expect(reply.bytes?.count == 40, "\(reply.line)")
                }
            }
        }
    }
}
