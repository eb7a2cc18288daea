import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// A cluster of three primaries with a replica each under load: the primary of the hot slot is killed and comes back as
/// a replica, and the hot slot moves from server to server.
struct ClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "cluster")

    @Option(help: "How often the primary of the hot slot is killed.") var kills = 3
    @Option(help: "How often the hot slot moves.") var moves = 3
    @Flag(help: "Publishers wait for a replica.") var replicated = false

    func run() async throws {
        let group = try ClusterGroup()
        defer { group.stop() }
        let durability = PublishDurability.replicated(to: 1, within: .milliseconds(200))
        // Handlers that are longer than all that happens, with leases of the usual length.
        let load = try await Load(
            url: group.url,
            durability: replicated ? durability : .acknowledged,
            lease: LeasePolicy().duration,
            longRun: .seconds(8)
        )
        let key = "{bench.load}"
        var (takeovers, resumes, moved) = ([Double](), [Double](), [Double]())
        var deaths: [ContinuousClock.Instant] = []
        for _ in 0..<kills {
            try await Task.sleep(for: .seconds(3))
            let old = try group.primary(of: key)
            let died = ContinuousClock.now
            old.kill()
            deaths.append(died)
            _ = try group.waitForSuccessor(of: old, for: key)
            let promoted = ContinuousClock.now
            takeovers.append((promoted - died) / .seconds(1))
            resumes.append(try await secondsUntilWork(load, since: promoted))
            try old.restart()
            try group.waitUntilWhole()
        }
        for _ in 0..<moves {
            try await Task.sleep(for: .seconds(1))
            let source = try group.primary(of: key)
            let target = try group.primaries().first { $0 !== source }
            guard let target else { throw FixtureError("there is one primary only") }
            let began = ContinuousClock.now
            try group.moveSlot(of: key, to: target)
            let done = ContinuousClock.now
            moved.append((done - began) / .seconds(1))
            resumes.append(try await secondsUntilWork(load, since: done))
        }
        try await Task.sleep(for: .seconds(1))
        var report = try await load.finish("cluster")
        let audit = try await RedisBackend.audit(RedisConfiguration(url: group.url))
        report.figures["kills"] = Double(kills)
        report.figures["moves"] = Double(moves)
        report.figures["takeover_by_redis_max_s"] = takeovers.max() ?? 0
        report.figures["move_max_s"] = moved.max() ?? 0
        report.figures["resume_max_s"] = resumes.max() ?? 0
        report.figures["handlers_of_8_s"] = Double(load.longRuns)
        report.figures["errors_in_handlers"] = Double(load.cancelledRuns)
        report.figures["audit_violations"] = Double(audit.violationCount)
        report.goals["resumes <= 2 s after the slot takes writes again"] = (resumes.max() ?? 99) <= 2
        report.goals["no handler is cancelled"] = load.cancelledRuns == 0
        if !replicated {
            // A server that dies takes along what it has acknowledged and not passed on yet.
            let tail = load.ledger.lostInstants.count { lost in
                deaths.contains { $0 - .milliseconds(500) < lost && lost < $0 + .milliseconds(100) }
            }
            report.goals["lost 0"] = nil
            report.goals["lost only what no replica had"] = load.ledger.lost == tail
        }
        report.goals["audit clean"] = audit.violationCount == 0
        try report.print()
    }

    private func secondsUntilWork(_ load: Load, since start: ContinuousClock.Instant) async throws -> Double {
        let runs = load.ledger.runs
        _ = try await wait(atMost: .seconds(30)) { load.ledger.runs > runs }
        return (ContinuousClock.now - start) / .seconds(1)
    }
}
