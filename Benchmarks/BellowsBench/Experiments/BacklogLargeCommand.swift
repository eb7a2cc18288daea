import ArgumentParser
import Bellows
import BellowsRedis
import RedisFixture

/// A backlog of 70 tasks of 1 MiB with 100 free slots: none dies, and no reply goes over the limit.
struct BacklogLargeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "backlog-large")

    func run() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let backend = try await RedisBackend.connect(server.url)
        let name = try TaskName("bench.large")
        let payload = [UInt8](repeating: 7, count: 1 << 20)
        for _ in 0..<70 { _ = try await backend.publish([PublishRequest(payload: payload)], to: name) }
        let ledger = Ledger()
        let handler = TaskHandler(name: name) { bytes, context in
            guard bytes.count == 1 << 20 else { throw TaskFailure.dead(reason: "cut short") }
            ledger.run(context.id)
            return []
        }
        let configuration = DispatcherConfiguration(maximumConcurrentTasks: 100)
        let running = WorkerDispatcher(backend, handlers: [handler], configuration: configuration).launch()
        let drained = try await backend.waitUntilEmpty(name, atMost: .seconds(60))
        try await running.drain()
        let statistics = try await backend.statistics(of: name)
        var report = Report(experiment: "backlog-large")
        report.figures["finished_total"] = Double(statistics.finishedTotal)
        report.figures["dead"] = Double(statistics.dead)
        report.figures["repeated_runs"] = Double(ledger.repeated)
        report.goals["all 70 finished once"] = drained && statistics.finishedTotal == 70 && ledger.repeated == 0
        try report.print()
        backend.close()
    }
}
