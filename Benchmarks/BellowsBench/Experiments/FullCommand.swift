import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// A server that reaches maxmemory, or whose append-only file fills its disk, with tasks in flight; then there is space
/// again.
struct FullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "full")

    @Flag(help: "The disk of the append-only file instead of the memory; needs root, for a small file system.")
    var disk = false

    func run() async throws {
        let smallDisk = disk ? try SmallDisk() : nil
        let server = try RedisServer.start(
            arguments: disk ? ["--appendonly", "yes", "--auto-aof-rewrite-percentage", "0"] : [],
            directory: smallDisk?.path
        )
        defer { server.stop() }
        defer { smallDisk?.remove() }
        let probe = try RedisProbe(port: server.port)
        let backend = try await RedisBackend.connect(server.url)
        defer { backend.close() }
        let name = try TaskName("bench.full")
        let ledger = Ledger()
        let handler = TaskHandler(name: name) { payload, context in
            // Long enough to be renewed in a full store.
            if payload.count == 1 { try await Task.sleep(for: .seconds(4)) }
            ledger.run(context.id)
            return []
        }
        let running = WorkerDispatcher(
            backend,
            handlers: handler,
            configuration: DispatcherConfiguration(lease: LeasePolicy(duration: .seconds(2)))
        ).launch()
        for _ in 0..<8 { ledger.acknowledge(try await backend.publish([PublishRequest(payload: [1])], to: name)[0].id) }
        _ = try await wait(atMost: .seconds(10)) { try await backend.statistics(of: name).leased == 8 }

        if !disk { _ = try probe.command("CONFIG", "SET", "maxmemory", "1") }
        let (refusals, times) = try await publishUntilRefused(backend, ledger)
        // As long as the handlers take.
        try await Task.sleep(for: .seconds(5))
        let finishedInFullStore = ledger.runs
        let counted = try await backend.statistics(of: name).finishedTotal
        if let smallDisk {
            try smallDisk.grow()
        } else {
            _ = try probe.command("CONFIG", "SET", "maxmemory", "0")
        }
        let healed = ContinuousClock.now
        let isTaken = try await wait(atMost: .seconds(20)) {
            do {
                ledger.acknowledge(try await backend.publish([PublishRequest(payload: [])], to: name)[0].id)
                return true
            } catch let error as BellowsError where error.isRetryable || error.code == .storeFull {
                return false
            }
        }
        let recovery = (ContinuousClock.now - healed) / .seconds(1)
        let isEmpty = try await backend.waitUntilEmpty(name, atMost: .seconds(20))
        try await running.drain()
        var report = Report(experiment: disk ? "full --disk" : "full")
        report.figures["refused_as_full"] = Double(refusals)
        report.figures["refusal_max_ms"] = times.max() ?? 0
        report.figures["refusal_median_ms"] = times.sorted()[safe: times.count / 2] ?? 0
        report.figures["handlers_ended_meanwhile"] = Double(finishedInFullStore)
        report.figures["finished_meanwhile"] = Double(counted)
        report.figures["recovery_s"] = recovery
        report.figures["acknowledged"] = Double(ledger.acknowledged)
        report.figures["lost"] = Double(ledger.lost)
        report.figures["repeated_runs"] = Double(ledger.repeated)
        report.goals["refused as full <= 20 ms"] = refusals > 0 && (times.max() ?? 99) <= 20
        report.goals["lost 0, recovers without a restart <= 2 s"] =
            isTaken && recovery <= 2 && isEmpty && ledger.lost == 0
        if !disk { report.goals["running tasks finish"] = counted >= 8 && ledger.repeated == 0 }
        try report.print()
    }

    /// Publishes until the store is full, and twenty times more.
    private func publishUntilRefused(_ backend: RedisBackend, _ ledger: Ledger) async throws -> (Int, [Double]) {
        // Of a definition that nobody handles, and large, to fill a disk.
        let name = try TaskName("bench.filler")
        let payload = [UInt8](repeating: 120, count: disk ? 100_000 : 100)
        var (refusals, times): (Int, [Double]) = (0, [])
        for _ in 0..<1000 where refusals < 20 {
            let begin = ContinuousClock.now
            do {
                _ = try await backend.publish([PublishRequest(payload: payload)], to: name)
            } catch {
                guard error.code == .storeFull else { throw error }
                refusals += 1
                times.append((ContinuousClock.now - begin) / .milliseconds(1))
            }
        }
        return (refusals, times)
    }
}
