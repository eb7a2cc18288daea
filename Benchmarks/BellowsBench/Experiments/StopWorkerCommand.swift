import ArgumentParser
import Bellows
import BellowsRedis
import Foundation

/// SIGSTOP of a worker for three leases, then SIGCONT: its late results are refused and its handlers cancelled.
struct StopWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "stop-worker")

    @Option(help: "How many tasks.") var count = 80
    @Option(help: "Milliseconds of work per task: more than the stop (6 s) shows cancellation, less shows refusal.")
    var busy = 9000

    func run() async throws {
        let bench = try await WorkerBench(lease: 2000, slots: 20, busy: busy, workers: 2)
        defer { bench.end() }
        try await bench.publish(count)
        _ = try await wait(atMost: .seconds(20)) { try await bench.backend.statistics(of: bench.name).leased >= 40 }
        let victim = bench.workers[0]
        victim.signal(SIGSTOP)
        try await Task.sleep(for: .seconds(6))
        let woken = sharedClock()
        victim.signal(SIGCONT)
        let drained = try await bench.backend.waitUntilEmpty(bench.name, atMost: .seconds(120))
        let statistics = try await bench.backend.statistics(of: bench.name)
        let all = try bench.events.lines()
        let lines = all.filter { $0[3] == "\(victim.pid)" }
        let cancelled = lines.filter { $0[0] == "cancelled" }
        let late = cancelled.compactMap { Double($0[4]) }.map { $0 - woken }.max() ?? 0
        var report = Report(experiment: "stop-worker")
        report.figures["tasks"] = Double(count)
        report.figures["handlers_cancelled"] = Double(cancelled.count)
        report.figures["cancelled_after_wake_max_ms"] = late * 1000
        report.figures["finished"] = Double(statistics.finishedTotal)
        report.goals["each completed once"] = drained && statistics.finishedTotal == count
        // Runs that came to their end although the task had been taken over.
        let refused = all.count { $0[0] == "end" } - statistics.finishedTotal
        report.figures["late_results_refused"] = Double(refused)
        report.goals["handlers cancelled <= 100 ms, or late results refused"] =
            (!cancelled.isEmpty || refused > 0) && late <= 0.1
        try report.print()
    }
}
