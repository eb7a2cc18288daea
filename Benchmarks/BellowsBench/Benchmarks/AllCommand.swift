import ArgumentParser
import Foundation

/// Runs every benchmark, one after the other, each in a process of its own.
struct AllCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "all")

    @Option(help: "A document to write the table to, between its two marks.") var write: String?
    @OptionGroup var target: ServerOption
    @Option(help: "Only commands that begin with this.") var only = ""

    /// What `make bench` measures, in this order.
    static let commands = [
        "process", "process --results", "process --aof", "publish", "publish --aof", "bulk", "endtoend", "latency",
        "latency --unix",
        "await", "delayed", "idle --definitions 100", "herd", "backlog", "memory", "cost", "rtt", "blocking",
    ]

    func run() async throws {
        var lines: [String] = []
        for command in Self.commands where command.hasPrefix(only) {
            let arguments =
                [CommandLine.arguments[0]] + command.split(separator: " ").map(String.init)
                + (target.url.map { ["--url", $0] } ?? [])
            let output = try CommandOutput.of(arguments)
            print(output)
            let row = try JSONDecoder().decode(BenchTable.Row.self, from: Data(output.utf8))
            lines += BenchTable.lines(command, row)
        }
        let table = BenchTable.table(lines, about: try Self.machine())
        print(table)
        guard let write else { return }
        let document = try String(contentsOfFile: write, encoding: .utf8)
        guard let text = BenchTable.replace(in: document, with: table) else {
            throw ValidationError("\(write) has no marks for the table")
        }
        try text.write(toFile: write, atomically: true, encoding: .utf8)
    }

    /// What the figures were measured with.
    private static func machine() throws -> String {
        let redis =
            try CommandOutput.of(["redis-server", "--version"]).split(separator: " ")
            .first { $0.hasPrefix("v=") }?.dropFirst(2) ?? "unknown"
        let swift =
            try CommandOutput.of(["swift", "--version"]).split(separator: "\n")
            .first { $0.contains("Swift version") } ?? "unknown"
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return "\(cores) cores, Redis \(redis), \(swift)."
    }
}
