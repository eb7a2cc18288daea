import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// Wall clocks that step: those of the workers by an hour to either side again and again, and that of redis-server
/// 30 s ahead and then 60 s back, with long handlers in flight.
struct ClocksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "clocks")

    @Option(help: "How many long tasks in each half.") var count = 60

    func run() async throws {
        var report = Report(experiment: "clocks")
        try await stepWorkers(&report)
        try await stepServer(&report)
        try report.print()
    }

    /// A worker's wall clock decides nothing, so not even an attempt is spent.
    private func stepWorkers(_ report: inout Report) async throws {
        let shim = try ClockShim()
        let bench = try await WorkerBench(
            lease: 1000,
            slots: 15,
            busy: 2500,
            workers: 2,
            environment: shim.environment
        )
        defer { bench.end() }
        try await bench.publish(count)
        let delay = Duration.seconds(2)
        let published = sharedClock()
        let delayed = try await bench.backend.publish(
            (0..<20).map { _ in PublishRequest(payload: [], options: PublishOptions(availability: .after(delay))) },
            to: bench.name
        )
        var steps = 0
        while try await !bench.backend.statistics(of: bench.name).isEmpty, steps < 600 {
            try shim.step(to: [3600, -3600, 0][steps % 3])
            steps += 1
            try await Task.sleep(for: .milliseconds(Int.random(in: 50...350)))
        }
        let statistics = try await bench.backend.statistics(of: bench.name)
        let lines = try bench.events.lines()
        let starts = lines.filter { $0[0] == "start" }
        let ids = Set(delayed.map(\.id.rawValue))
        let early = starts.filter { ids.contains($0[1]) }.compactMap { Double($0[4]) }
            .count { $0 - published < delay / .seconds(1) }
        let shifts = lines.compactMap { line -> Double? in
            guard line.count == 6, let date = Double(line[5]), let clock = Double(line[4]) else { return nil }
            return date - clock
        }
        report.figures["steps_of_worker_clocks"] = Double(steps)
        report.figures["worker_clocks_span_s"] = ((shifts.max() ?? 0) - (shifts.min() ?? 0)).rounded()
        report.figures["worker_finished"] = Double(statistics.finishedTotal)
        report.figures["worker_extra_attempts"] = Double(starts.count { $0[2] != "1" })
        report.figures["worker_cancelled"] = Double(lines.count { $0[0] == "cancelled" })
        report.figures["worker_early"] = Double(early)
        report.goals["worker clocks have moved"] = (shifts.max() ?? 0) - (shifts.min() ?? 0) > 3000
        report.goals["workers: no effect"] =
            statistics.isEmpty && statistics.finishedTotal == count + 20 && starts.count == count + 20 && early == 0
    }

    /// A lease that seems to have ended is taken over once; one that seems to last for ever does not.
    private func stepServer(_ report: inout Report) async throws {
        let shim = try ClockShim()
        let server = try RedisServer.start(environment: shim.environment)
        // Slots are free, so that a lease which seems to have ended is taken over.
        let bench = try await WorkerBench(lease: 1000, slots: 60, busy: 2500, workers: 2, server: server)
        defer { bench.end() }
        let probe = try RedisProbe(port: server.port)
        var clocks: [Double] = []
        for shift in [30, -30] {
            try await bench.publish(count / 2)
            try await Task.sleep(for: .seconds(1))
            try shim.step(to: shift)
            clocks.append(Double(try probe.command("TIME").elements?.first?.text ?? "") ?? 0)
        }
        let drained = try await bench.backend.waitUntilEmpty(bench.name, atMost: .seconds(60))
        let statistics = try await bench.backend.statistics(of: bench.name)
        let starts = try bench.events.lines().filter { $0[0] == "start" }
        let most = starts.compactMap { Int($0[2]) }.max() ?? 0
        report.figures["server_clock_moved_back_s"] = (clocks.first ?? 0) - (clocks.last ?? 0)
        report.figures["server_finished"] = Double(statistics.finishedTotal)
        report.figures["server_extra_attempts"] = Double(starts.count - count)
        report.figures["server_most_attempts_of_a_task"] = Double(most)
        report.goals["server: at most one extra attempt, nothing stuck"] =
            drained && statistics.finishedTotal == count && statistics.dead == 0 && most <= 2
    }
}
