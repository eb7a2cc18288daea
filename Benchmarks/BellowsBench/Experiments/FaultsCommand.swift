import ArgumentParser
import Foundation

/// Runs every fault experiment, one after the other, each in a process of its own; beside the first ones runs one that
/// does nothing but wait.
struct FaultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "faults")

    @Option(help: "Only commands that begin with this.") var only = ""

    /// What `make faults` runs, in this order.
    static let commands = [
        "kill-worker", "stop-worker", "stop-worker --busy 3000", "kill-redis --kills 5", "failover",
        "failover --behind --kills 3", "failover --behind --replicated --kills 2", "cluster",
        "cluster --replicated --kills 1 --moves 1", "clocks",
        "hang", "crash", "cut --seconds 10", "cut --scripts --seconds 10", "flush", "takeover", "blocking",
        "backlog-large",
        "crowd --count 200000", "lost-replies", "cancel", "reconnect", "leftovers", "full", "full --disk", "full-sync",
        "history --seconds 10", "history --ruin --seconds 10", "history --cluster --ruin --seconds 10",
        "soak --seconds 10", "soak --cluster --seconds 10",
    ]
    /// It waits for half a minute, and hardly uses the machine.
    private static let beside = "swallow --count 1"

    func run() async throws {
        var lines: [String] = []
        var missed = 0
        let beside = Self.beside.hasPrefix(only) ? Task { try await Self.output(of: Self.beside) } : nil
        let commands = Self.commands.filter { $0.hasPrefix(only) } + (beside == nil ? [] : [Self.beside])
        for command in commands {
            let begin = ContinuousClock.now
            let output =
                if let beside, command == Self.beside { try await beside.value } else {
                    try await Self.output(of: command)
                }
            print(output)
            print("\(command): \((ContinuousClock.now - begin) / .seconds(1)) s")
            guard let row = try? JSONDecoder().decode(BenchTable.Row.self, from: Data(output.utf8)) else {
                // It ended with an error, which it has told.
                missed += 1
                lines.append("| `\(command)` | **failed** |")
                continue
            }
            missed += row.goals.values.count { !$0 }
            lines += BenchTable.lines(command, row)
        }
        for line in lines { print(line) }
        guard missed == 0 else { throw ExitCode(1) }
    }

    /// Runs one of them on a thread of its own.
    private static func output(of command: String) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                let arguments = [CommandLine.arguments[0]] + command.split(separator: " ").map(String.init)
                continuation.resume(with: Result { try CommandOutput.of(arguments) })
            }
        }
    }
}
