import ArgumentParser
import Bellows
import BellowsRedis
import RedisFixture

/// Publishes many tasks with one call.
struct BulkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "bulk")

    @OptionGroup var target: ServerOption
    @Option(help: "How many tasks.") var count = 300_000
    @Option(help: "How many runs; the median counts.") var runs = 3

    func run() async throws {
        let payloads = Array(repeating: BenchDefinition.payload, count: count)
        let runs = try await RatioRuns.make(runs, on: target) { server in
            let backend = try await RedisBackend.connect(server.url)
            defer { backend.close() }
            return try await Throughput.measure(server, count: count) {
                let outcomes = try await backend.publish(BenchDefinition.self, contentsOf: payloads)
                for outcome in outcomes { _ = try outcome.get() }
            }
        }
        var report = Report(experiment: "bulk")
        runs.add(to: &report)
        report.goals["ratio >= 1.3"] = runs.ratio >= 1.3
        try report.print()
    }
}
