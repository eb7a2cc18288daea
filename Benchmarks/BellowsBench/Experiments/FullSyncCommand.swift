import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// The disk of an append-only file with `appendfsync always` is full: Redis then ends itself in the middle of a call.
/// Publishers repeat with the ids that they gave, and when there is space and a server again, nothing is lost.
struct FullSyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "full-sync")

    func run() async throws {
        let disk = try SmallDisk()
        let server = try RedisServer.start(
            arguments: RedisServer.durableOptions + ["--auto-aof-rewrite-percentage", "0"],
            directory: disk.path
        )
        defer { server.stop() }
        defer { disk.remove() }
        let backend = try await RedisBackend.connect(server.url)
        defer { backend.close() }
        let name = try TaskName("bench.sync")
        let ledger = Ledger()
        let handler = TaskHandler(name: name) { _, context in
            ledger.run(context.id)
            return []
        }
        let configuration = DispatcherConfiguration(lease: LeasePolicy(duration: .seconds(2)))
        let running = WorkerDispatcher(backend, handlers: handler, configuration: configuration).launch()
        let publishers = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<200 {
                            let request = PublishRequest(payload: [UInt8](repeating: 120, count: 10_000))
                            ledger.acknowledge(try await publishStubbornly(backend, request, to: name).id)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        let isGone = try await wait(atMost: .seconds(60)) {
            do { _ = try RedisProbe(port: server.port) } catch { return true }
            return false
        }
        let atDeath = ledger.acknowledged
        try disk.grow()
        // Its files stay.
        server.kill()
        try server.restart()
        try await publishers.value
        let isEmpty = try await backend.waitUntilEmpty(name, atMost: .seconds(30))
        let statistics = try await backend.statistics(of: name)
        try await running.drain()
        var report = Report(experiment: "full-sync")
        report.figures["acknowledged_before_its_end"] = Double(atDeath)
        report.figures["acknowledged"] = Double(ledger.acknowledged)
        report.figures["lost"] = Double(ledger.lost)
        report.figures["finished"] = Double(statistics.finishedTotal)
        report.figures["repeated_runs"] = Double(ledger.repeated)
        report.goals["the server ends itself"] = isGone && atDeath < 1600
        report.goals["lost 0, completed twice 0"] =
            isEmpty && ledger.lost == 0 && ledger.acknowledged == 1600 && statistics.finishedTotal == 1600
        try report.print()
    }
}
