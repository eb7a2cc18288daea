import ArgumentParser
import Bellows
import BellowsRedis
import RedisFixture

/// Publishers and a worker at the same time, in one process: from the first publish to the last handler.
struct EndToEndCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "endtoend")

    @OptionGroup var target: ServerOption
    @Option(help: "How many tasks.") var count = 200_000
    @Option(help: "How many callers.") var callers = 50
    @Option(help: "How many slots.") var slots = 200
    @Option(help: "How many runs; the median counts.") var runs = 3

    func run() async throws {
        let each = count / callers
        let runs = try await RatioRuns.make(runs, on: target) { server in
            let publisher = try await RedisBackend.connect(server.url)
            let worker = try await RedisBackend.connect(server.url)
            defer {
                publisher.close()
                worker.close()
            }
            return try await Throughput.measure(server, count: each * callers) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await Drain(count: each * callers).run(worker, slots: slots) }
                    group.addTask { try await Callers.publish(each, callers: callers, on: publisher) }
                    try await group.waitForAll()
                }
            }
        }
        var report = Report(experiment: "endtoend")
        runs.add(to: &report)
        try report.print()
    }
}
