import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// kill -9 of one of three workers with 200 tasks in flight, lease 2 s.
struct KillWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "kill-worker")

    @Option(help: "How many tasks.") var count = 3000

    func run() async throws {
        let bench = try await WorkerBench(lease: 2000, slots: 67, busy: 500, workers: 3)
        defer { bench.end() }
        try await bench.publish(count)
        let victim = bench.workers[0]
        // It is in the middle of most of its tasks: about 200 are in flight altogether.
        let isBusy = try await wait(atMost: .seconds(20)) {
            let own = try bench.events.lines().filter { $0.count > 3 && $0[3] == "\(victim.pid)" }
            return own.count { $0[0] == "start" } - own.count { $0[0] == "end" } >= 50
        }
        victim.signal(SIGKILL)
        let killed = sharedClock()
        let drained = try await bench.backend.waitUntilEmpty(bench.name, atMost: .seconds(120))
        let statistics = try await bench.backend.statistics(of: bench.name)
        let lines = try bench.events.lines()

        // What the dead worker had begun and not ended must start elsewhere.
        let ended = Set(lines.filter { $0[0] == "end" && $0[3] == "\(victim.pid)" }.map { $0[1] })
        let orphans = Set(lines.filter { $0[0] == "start" && $0[3] == "\(victim.pid)" }.map { $0[1] })
            .subtracting(ended)
        var restarts: [Double] = []
        for orphan in orphans {
            let again = lines.filter { $0[0] == "start" && $0[1] == orphan && $0[3] != "\(victim.pid)" }
            restarts.append(again.compactMap { Double($0[4]) }.min().map { $0 - killed } ?? .infinity)
        }
        var report = Report(experiment: "kill-worker")
        report.figures["tasks"] = Double(count)
        report.figures["orphans"] = Double(orphans.count)
        report.figures["restart_max_s"] = restarts.max() ?? 0
        report.figures["restart_median_s"] = restarts.sorted()[safe: restarts.count / 2] ?? 0
        report.figures["finished"] = Double(statistics.finishedTotal)
        report.figures["lost"] = Double(count - statistics.finishedTotal - statistics.dead)
        report.figures["completed_twice"] = Double(max(0, statistics.finishedTotal - count))
        report.goals["lost 0, completed twice 0"] = drained && statistics.finishedTotal == count
        report.goals["most of its tasks were in flight"] = isBusy && orphans.count >= 20
        report.goals["every orphan restarted <= 3 s"] = (restarts.max() ?? 0) <= 3
        report.goals["half of them <= 2.2 s"] = (restarts.sorted()[safe: restarts.count / 2] ?? 0) <= 2.2
        try report.print()
    }
}

extension Array {
    /// The element, if there is one.
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
