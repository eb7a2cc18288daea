import RedisFixture
import Testing

@testable import BellowsRedis

/// A state, one call, the reply, and the whole state afterwards.
struct ScriptCase: Sendable, CustomTestStringConvertible {
    let name: String
    let seed: [String]
    let script: RedisScript
    let arguments: [String]
    let reply: String
    let state: [String]

    init(
        _ name: String,
        given seed: [String] = [],
        call script: RedisScript,
        _ arguments: [String],
        reply: String,
        leaves state: [String]
    ) {
        self.name = name
        self.seed = seed
        self.script = script
        self.arguments = arguments
        self.reply = reply
        self.state = state
    }

    var testDescription: String { name }

    /// Runs it.
    func check() throws {
        let bench = try ScriptBench("case")
        try bench.seed(seed)
        let parts = [Array("EVAL".utf8), Array(script.text.utf8), Array("1".utf8), Array(bench.base.utf8)]
        let answer = try bench.probe.command(parts + arguments.map { Array($0.utf8) })
        #expect(answer.line == reply)
        #expect(try bench.state() == state.sorted())
    }
}
