import ArgumentParser
import Bellows
import BellowsRedis
import BellowsRuntime
import Foundation
import RedisFixture

/// Eight handlers that block their thread for five leases: no lease is lost.
struct BlockingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "blocking")

    @OptionGroup var target: ServerOption
    @Option(help: "Milliseconds of a lease.") var lease = 1000

    func run() async throws {
        let server = try target.start()
        defer { server.stop() }
        let backend = try await RedisBackend.connect(server.url)
        let name = try TaskName("bench.blocking")
        let ledger = Ledger()
        let pause = UInt32(lease * 5 * 1000)
        let handler = TaskHandler(name: name) { _, context in
            ledger.run(context.id)
            usleep(pause)
            return []
        }
        let configuration = DispatcherConfiguration(
            maximumConcurrentTasks: 8,
            lease: LeasePolicy(duration: .milliseconds(lease))
        )
        // A second process would take over what is lost, so lost leases show as repeated runs.
        let rival = try await RedisBackend.connect(server.url)
        for _ in 0..<8 { _ = try await backend.publish([PublishRequest(payload: [])], to: name) }
        let dispatcher = WorkerDispatcher(backend, handlers: [handler], configuration: configuration).launch()
        _ = try await watchForLosses(rival, name)
        try await dispatcher.drain()
        let statistics = try await rival.statistics(of: name)
        var report = Report(experiment: "blocking")
        report.figures["handlers"] = 8
        report.figures["repeated_runs"] = Double(ledger.repeated)
        report.figures["finished_total"] = Double(statistics.finishedTotal)
        report.goals["no lease lost"] = ledger.repeated == 0 && statistics.finishedTotal == 8
        try report.print()
        backend.close()
        rival.close()
    }

    /// Claims from outside, on a thread of the control executor, as a neighbour would: it must never get anything.
    private func watchForLosses(_ rival: RedisBackend, _ name: TaskName) async throws -> Int {
        try await withTaskExecutorPreference(EventLoop.shared) {
            var taken = 0
            let subscription = try await rival.subscribe(to: [.tasks(name)])
            while try await !rival.statistics(of: name).isEmpty {
                let statistics = try await rival.statistics(of: name)
                if statistics.leased == 8 || statistics.ready == 0 {
                    let request = ClaimRequest(name: name, selection: .earliest(8), lease: .milliseconds(lease))
                    if case .claimed(let tasks, _) = try await rival.claim(request) { taken += tasks.count }
                }
                _ = await subscription.next(until: .now + .milliseconds(100))
            }
            return taken
        }
    }
}
