import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture
import Synchronization

/// A server that does not answer: for three seconds, which is waited for; for ten, which costs the connections; and for
/// as long as a drain lasts. Then one that ends idle connections.
struct HangCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "hang")

    func run() async throws {
        var report = try await pauses()
        let drains = [try await drain { $0.suspend() }, try await drain { $0.kill() }]
        report.figures["drain_hanging_s"] = drains[0]
        report.figures["drain_dead_s"] = drains[1]
        report.goals["a drain ends <= grace + 2 s"] = drains.allSatisfy { $0 <= 2.2 }
        let idle = try await idleCuts()
        report.figures["idle_cuts"] = idle.cuts
        report.figures["start_after_idle_cut_ms"] = idle.start
        report.goals["work goes on after idle cuts"] = idle.start < 2000
        try report.print()
    }

    /// DEBUG SLEEP, then SIGSTOP, under load.
    private func pauses() async throws -> Report {
        let server = try RedisServer.start(arguments: RedisServer.debugOptions)
        defer { server.stop() }
        // Calls about leases give up after a third of the lease, five seconds at most.
        let load = try await Load(url: server.url, lease: .seconds(15))
        let probe = try RedisProbe(port: server.port)
        try await Task.sleep(for: .seconds(1))
        let before = try probe.info("total_connections_received")
        _ = try probe.command("DEBUG", "SLEEP", "3")
        try await Task.sleep(for: .seconds(1))
        let asleep = try probe.info("total_connections_received") - before
        let repeated = load.ledger.repeated
        server.suspend()
        try await Task.sleep(for: .seconds(10))
        let runs = load.ledger.runs
        server.resume()
        let awake = ContinuousClock.now
        _ = try await wait(atMost: .seconds(30)) { load.ledger.runs > runs }
        let resume = (ContinuousClock.now - awake) / .seconds(1)
        try await Task.sleep(for: .seconds(1))
        let stopped = try probe.info("total_connections_received") - before - asleep
        var report = try await load.finish("hang")
        report.figures["new_connections_after_3_s"] = asleep
        report.figures["repeated_after_3_s"] = Double(repeated)
        report.figures["new_connections_after_10_s"] = stopped
        report.figures["resume_s"] = resume
        let twice = max(0, (report.figures["finished_total"] ?? 0) - Double(load.ledger.ran))
        report.figures["completed_twice"] = twice
        report.goals["three seconds cost no connection and no repeated run"] = asleep == 0 && repeated == 0
        report.goals["resumes <= 2 s after ten seconds, completed twice 0"] = resume <= 2 && twice == 0
        return report
    }

    /// Drains a dispatcher whose handler outlasts the grace of 200 ms.
    ///
    /// - Parameter harm: what happens to the server before.
    /// - Returns: how long that took, in seconds.
    private func drain(_ harm: (RedisServer) -> Void) async throws -> Double {
        let server = try RedisServer.start()
        defer { server.stop() }
        let backend = try await RedisBackend.connect(server.url)
        defer { backend.close() }
        let name = try TaskName("bench.drain")
        let ledger = Ledger()
        let handler = TaskHandler(name: name) { _, context in
            ledger.run(context.id)
            try await Task.sleep(for: .seconds(3600))
            return []
        }
        let configuration = DispatcherConfiguration(shutdownGrace: .milliseconds(200))
        let running = WorkerDispatcher(backend, handlers: handler, configuration: configuration).launch()
        _ = try await backend.publish([PublishRequest(payload: [])], to: name)
        _ = try await wait(atMost: .seconds(10)) { ledger.runs == 1 }
        harm(server)
        let begin = ContinuousClock.now
        try await running.drain()
        let time = (ContinuousClock.now - begin) / .seconds(1)
        server.resume()
        return time
    }

    /// An idle worker of a server that ends idle connections after three seconds.
    private func idleCuts() async throws -> (cuts: Double, start: Double) {
        let server = try RedisServer.start(arguments: ["--timeout", "3"])
        defer { server.stop() }
        let worker = try await RedisBackend.connect(server.url)
        defer { worker.close() }
        let name = try TaskName("bench.idle")
        let started = Mutex<ContinuousClock.Instant?>(nil)
        let handler = TaskHandler(name: name) { _, _ in
            started.withLock { $0 = .now }
            return []
        }
        let running = WorkerDispatcher(worker, handlers: handler).launch()
        let first = try RedisProbe(port: server.port).info("total_connections_received")
        try await Task.sleep(for: .seconds(12))
        let last = try RedisProbe(port: server.port).info("total_connections_received")
        let publisher = try await RedisBackend.connect(server.url)
        defer { publisher.close() }
        let published = ContinuousClock.now
        _ = try await publisher.publish([PublishRequest(payload: [])], to: name)
        _ = try await wait(atMost: .seconds(60)) { started.withLock { $0 != nil } }
        running.cancel()
        let start = started.withLock { $0.map { ($0 - published) / .milliseconds(1) } } ?? 999_999
        // The probe itself was the second connection to be counted.
        return (last - first - 1, start)
    }
}
