import ArgumentParser
import BellowsRedis
import Foundation
import RedisFixture

/// What the scripts cost the server: its instructions under callgrind, compared with a committed table.
///
/// Times of the same script differ by a third on a busy machine; instructions by less than one in a hundred.
struct ScriptCostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "script-cost")

    @Option(help: "The table that is compared.") var table = "Benchmarks/results/script-cost.tsv"
    @Option(help: "Write what was counted into the table, and that this is why it changed.") var accept: String?
    @Flag(help: "Only print what was counted.") var printOnly = false

    func run() async throws {
        let server = try CountedServer()
        defer { server.stop() }
        let release = try server.release()
        var counts: [ScriptCostTable.Row] = []
        for workload in ScriptWorkload.allCases {
            let instructions = try workload.run(on: server)
            counts.append(ScriptCostTable.Row(workload: workload.rawValue, instructions: instructions, reason: ""))
            print("\(workload.rawValue): \(instructions) instructions a task")
        }
        let measured = ScriptCostTable(release: release, rows: counts)
        if printOnly { return }
        let known = try FileManager.default.contents(atPath: table).map {
            try ScriptCostTable(String(decoding: $0, as: UTF8.self))
        }
        if let accept {
            let accepted = measured.accepted(over: known, because: accept)
            try Data(accepted.text.utf8).write(to: URL(fileURLWithPath: table))
            return
        }
        guard let known else { throw ValidationError("there is no table \(table): make one with --accept REASON") }
        let verdict = known.judge(measured)
        for line in verdict.lines { print(line) }
        if !verdict.isFine { throw ExitCode.failure }
    }
}
