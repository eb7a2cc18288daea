import ArgumentParser
import Bellows
import BellowsRedis
import RedisFixture

/// Publishes one at a time, from several callers at once.
struct PublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "publish")

    @OptionGroup var target: ServerOption
    @Option(help: "How many tasks.") var count = 200_000
    @Option(help: "How many callers.") var callers = 50
    @Option(help: "How many runs; the median counts.") var runs = 3
    @Flag(help: "With an append-only file, written every second.") var aof = false

    func run() async throws {
        let each = count / callers
        let runs = try await RatioRuns.make(runs, on: target, arguments: aof ? ["--appendonly", "yes"] : []) { server in
            let backend = try await RedisBackend.connect(server.url)
            defer { backend.close() }
            return try await Throughput.measure(server, count: each * callers) {
                try await Callers.publish(each, callers: callers, on: backend)
            }
        }
        var report = Report(experiment: "publish")
        runs.add(to: &report)
        report.figures["callers"] = Double(callers)
        if !aof { report.goals["ratio >= 0.80"] = runs.ratio >= 0.80 }
        try report.print()
    }
}
