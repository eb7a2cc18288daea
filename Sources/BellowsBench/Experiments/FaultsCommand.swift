import ArgumentParser
import Foundation

/// Runs every fault experiment, one after the other, each in a process of its own.
struct FaultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "faults")

    @Option(help: "Only commands that begin with this.") var only = ""

    /// What `make faults` runs, in this order.
    static let commands = [
        "kill-worker", "stop-worker", "stop-worker --busy 3000", "kill-redis --kills 5", "failover",
        "failover --behind --kills 3", "failover --behind --replicated --kills 3", "cluster",
        "cluster --replicated --kills 1 --moves 1", "clocks",
        "cut --seconds 15", "cut --scripts --seconds 15", "flush", "takeover", "blocking", "backlog-large",
        "crowd --count 300000", "lost-replies", "swallow --count 1", "reconnect", "leftovers", "full", "full --disk",
        "history --seconds 10", "history --ruin --seconds 10", "history --cluster --ruin --seconds 10",
        "soak --seconds 30", "soak --cluster --seconds 20",
    ]

    func run() async throws {
        var lines: [String] = []
        var missed = 0
        for command in Self.commands where command.hasPrefix(only) {
            let begin = ContinuousClock.now
            let output = try CommandOutput.of(
                [CommandLine.arguments[0]] + command.split(separator: " ").map(String.init)
            )
            print(output)
            print("\(command): \((ContinuousClock.now - begin) / .seconds(1)) s")
            guard let row = try? JSONDecoder().decode(BenchTable.Row.self, from: Data(output.utf8)) else {
                // It ended with an error, which it has told.
                missed += 1
                lines.append("| `\(command)` | | **failed** |")
                continue
            }
            missed += row.goals.values.count { !$0 }
            lines.append(BenchTable.line(command, row))
        }
        for line in lines { print(line) }
        guard missed == 0 else { throw ExitCode(1) }
    }
}
