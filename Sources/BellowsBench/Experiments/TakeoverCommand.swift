import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// kill -9 of the process that owns a singleton: when another one takes over, and that no two run at once.
struct TakeoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "takeover")

    @Option(help: "Milliseconds of a lease.") var lease = 2000
    @Option(help: "How often the owner is killed.") var rounds = 3

    func run() async throws {
        var takeovers: [Double] = []
        var overlaps = 0
        for _ in 0..<rounds {
            let bench = try await WorkerBench(
                lease: lease,
                slots: 1,
                busy: 300_000,
                workers: 3,
                isSingleton: true
            )
            defer { bench.end() }
            _ = try await wait(atMost: .seconds(10)) { try !bench.events.lines().isEmpty }
            // Half a lease later the owner has renewed once or is about to.
            try await Task.sleep(for: .milliseconds(lease))
            let owner = try bench.events.lines().first.map { $0[3] }
            guard let victim = bench.workers.first(where: { "\($0.pid)" == owner }) else { continue }
            victim.signal(SIGKILL)
            let killed = sharedClock()
            _ = try await wait(atMost: .seconds(20)) { try bench.events.lines().count > 1 }
            let starts = try bench.events.lines().filter { $0[0] == "start" }
            takeovers.append(starts.dropFirst().first.flatMap { Double($0[4]) }.map { $0 - killed } ?? .infinity)
            overlaps += starts.dropFirst().count { Double($0[4]).map { $0 < killed } ?? true }
        }
        var report = Report(experiment: "takeover")
        report.figures["lease_s"] = Double(lease) / 1000
        report.figures["kills"] = Double(takeovers.count)
        report.figures["takeover_max_s"] = takeovers.max() ?? .infinity
        report.figures["overlapping_owners"] = Double(overlaps)
        report.goals["takeover <= lease + 1 s"] = (takeovers.max() ?? .infinity) <= Double(lease) / 1000 + 1
        report.goals["one owner"] = overlaps == 0
        try report.print()
    }
}
