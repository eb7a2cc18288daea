import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// kill -9 of the primary under load; three Sentinels promote the replica, and the old primary comes back as its replica.
struct FailoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "failover")

    @Option(help: "How often the primary is killed.") var kills = 5
    @Flag(help: "The replica lacks the last half second.") var behind = false
    @Flag(help: "Publishers wait for the replica.") var replicated = false

    func run() async throws {
        let group = try SentinelGroup()
        defer { group.stop() }
        let durability = PublishDurability.replicated(to: 1, within: .milliseconds(200))
        let load = try await Load(url: group.url, durability: replicated ? durability : .acknowledged)
        var (primary, replica) = (group.primary, group.replica)
        var resumes: [Double] = []
        var gaps: [ClosedRange<ContinuousClock.Instant>] = []
        for _ in 0..<kills {
            try await Task.sleep(for: .seconds(3))
            if behind {
                // A replica that is cut off and cannot come back; nothing of this half second reaches it.
                let start = ContinuousClock.now
                let probe = try RedisProbe(port: primary.port)
                replica.suspend()
                _ = try probe.command("CLIENT", "KILL", "TYPE", "replica")
                try await Task.sleep(for: .milliseconds(500))
                primary.kill()
                replica.resume()
                gaps.append(start ... .now)
            } else {
                primary.kill()
            }
            try await role("master", of: replica)
            let promoted = ContinuousClock.now
            let runs = load.ledger.runs
            _ = try await wait(atMost: .seconds(30)) { load.ledger.runs > runs }
            resumes.append((ContinuousClock.now - promoted) / .seconds(1))
            // Sentinels that have not seen the end of the promotion may give it up when the old primary is back, and
            // make a replica of its successor again, with all that it has acknowledged meanwhile.
            _ = try await wait(atMost: .seconds(30)) { try group.ports.allSatisfy { try names(replica, $0, group) } }
            try primary.restart()
            try await role("slave", of: primary)
            (primary, replica) = (replica, primary)
        }
        var report = try await load.finish("failover")
        report.figures["failovers"] = Double(kills)
        report.figures["resume_max_s"] = resumes.max() ?? 0
        report.goals["resumes <= 2 s after the promotion"] = (resumes.max() ?? 99) <= 2
        if behind, !replicated {
            // What a publish has in its hand a little earlier was sent before the gap, and may not have got through.
            let tail = load.ledger.lostInstants.count { lost in gaps.contains { $0.contains(lost) } }
            report.figures["lost_outside_the_gap"] = Double(load.ledger.lost - tail)
            report.goals["lost 0"] = nil
            report.goals["lost only what the replica lacked"] = load.ledger.lost == tail
        }
        try report.print()
    }

    /// Whether a Sentinel takes a server for the primary.
    private func names(_ server: RedisServer, _ sentinel: UInt16, _ group: SentinelGroup) throws -> Bool {
        let reply = try RedisProbe(port: sentinel).command("SENTINEL", "get-master-addr-by-name", group.service)
        return reply.elements?.last?.text == "\(server.port)"
    }

    /// Waits until a server has a role, and as a replica is in step.
    private func role(_ role: String, of server: RedisServer) async throws {
        let isThere = try await wait(atMost: .seconds(60)) {
            // A server that changes its role cuts its clients off, so each question has a connection of its own.
            let reply = try? RedisProbe(port: server.port).command("INFO", "replication")
            let text = reply?.text ?? ""
            return text.contains("role:\(role)") && (role == "master" || text.contains("master_link_status:up"))
        }
        guard isThere else {
            // What it says of itself is all that there is to find out why.
            let text = (try? RedisProbe(port: server.port).command("INFO", "replication"))?.text ?? "it does not answer"
            throw FixtureError("the server on port \(server.port) is no \(role) in step: \(text)")
        }
    }
}
