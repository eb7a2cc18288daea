import ArgumentParser
import Bellows
import BellowsRedis
import RedisFixture

/// Processes a queue of tasks that are all there, with one worker process that does nothing for each.
struct ProcessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "process")

    @OptionGroup var target: ServerOption
    @Option(help: "How many tasks.") var count = 100_000
    @Option(help: "How many slots.") var slots = 200
    @Option(help: "How many runs; the median counts.") var runs = 3
    @Flag(help: "Each task has an awaited result of 20 bytes.") var results = false
    @Flag(help: "With an append-only file, written every second.") var aof = false

    func run() async throws {
        let runs = try await RatioRuns.make(runs, on: target, arguments: aof ? ["--appendonly", "yes"] : []) { server in
            let backend = try await RedisBackend.connect(server.url)
            defer { backend.close() }
            var options = PublishOptions()
            if results { options.resultRetention = .seconds(60) }
            let payloads = Array(repeating: BenchDefinition.payload, count: count)
            for outcome in try await backend.publish(BenchDefinition.self, contentsOf: payloads, options: options) {
                _ = try outcome.get()
            }
            return try await Throughput.measure(server, count: count) {
                try await Drain(count: count, result: results ? [UInt8](repeating: 7, count: 20) : [])
                    .run(backend, slots: slots)
            }
        }
        var report = Report(experiment: results ? "process --results" : "process")
        runs.add(to: &report)
        report.figures["slots"] = Double(slots)
        if !results, !aof {
            report.goals["ratio >= 0.50"] = runs.ratio >= 0.50
            report.goals["process <= 6 us per task"] = (report.figures["process_us_per_task"] ?? 99) <= 6
        }
        try report.print()
    }
}
