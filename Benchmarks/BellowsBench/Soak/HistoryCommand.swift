import ArgumentParser
import Bellows
import BellowsHistory
import BellowsRedis
import Foundation
import RedisFixture
import RedisHistory

/// Random operations of 24 clients and of worker processes while faults happen. What the clients saw may not contradict
/// what every backend promises; each answer of the server must be the one of a reference model that carries out the same
/// calls in the server's order; and every key must be as it should be.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "history")

    @Option(help: "For how long, in seconds, with each seed.") var seconds = 60
    @Option(help: "The first seed; a random one if it is left out.") var seed: UInt64?
    @Option(help: "How many seeds, one after the other.") var seeds = 1
    @Flag(help: "On a cluster of three primaries, whose slots move.") var cluster = false
    @Flag(help: "Also remove everything now and then, and set the server's clock.") var ruin = false
    @Flag(help: "Tell of each fault.") var tell = false

    func validate() throws {
        // Results are kept for ten minutes.
        guard (1...500).contains(seconds) else { throw ValidationError("--seconds must be 1 to 500") }
    }

    func run() async throws {
        let first = seed ?? UInt64.random(in: 0...999_999)
        var report = Report(experiment: "history")
        var totals: [String: Double] = [:]
        for seed in first..<first + UInt64(seeds) {
            Self.tell("seed \(seed)")
            let done = try await run(seed)
            for violation in done.violations { Self.tell("seed \(seed): \(violation)") }
            totals["operations", default: 0] += Double(done.findings.operations)
            totals["unknown", default: 0] += Double(done.findings.unknown)
            totals["ended", default: 0] += Double(done.findings.ended)
            totals["calls", default: 0] += Double(done.calls)
            totals["violations", default: 0] += Double(done.violations.count)
            totals["faults", default: 0] += Double(done.faults)
            totals["connections_left", default: 0] += Double(done.connections)
        }
        report.figures = totals
        report.figures["first_seed"] = Double(first)
        report.figures["seeds"] = Double(seeds)
        report.goals["violations 0"] = totals["violations"] == 0
        report.goals["no connection is left"] = totals["connections_left"] == 0
        try report.print()
    }

    /// What one seed has brought.
    private struct Seed {
        let findings: HistoryRun.Findings
        /// Of the clients' answers, of the servers', and of what is left in the store.
        let violations: [String]
        /// How many calls of scripts servers have written down.
        let calls: Int
        let faults: Int
        /// How many connections were left when every backend was closed.
        let connections: Int
    }

    private func run(_ seed: UInt64) async throws -> Seed {
        let store = try SoakStore(cluster: cluster)
        defer { store.stop() }
        let name = try TaskName("history")
        let names = try HistoryRun.names(of: name)
        let proxies = try (0..<3).compactMap { _ in try store.makeProxy() }
        let urls = cluster ? Array(repeating: store.url, count: 3) : proxies.map(\.url)
        var backends: [RedisBackend] = []
        defer { for backend in backends { backend.close() } }
        for url in urls + [store.url] {
            var configuration = try RedisConfiguration(url: url)
            configuration.commandTimeout = .seconds(2)
            configuration.recordsCalls = true
            backends.append(try await RedisBackend.connect(configuration))
        }
        let run = try HistoryRun(
            backends: Array(backends.dropLast()),
            calm: backends[urls.count],
            name: name,
            seed: seed,
            clientsPerBackend: 8
        )
        let workers = try (0..<2).map { _ in
            try SoakProcess(store: store) { url in
                ["history-worker", "--url", url, "--name", "\(names[2])"]
                    + ["--lease", "\(Int(run.lease / .milliseconds(1)))"]
            }
        }
        defer { for worker in workers where worker.isRunning { worker.signal(SIGKILL) } }
        var recorded = RecordedHistory(of: names)
        var faults = 0
        var trouble: [String] = []
        let findings = try await run.run(isRuined: ruin) {
            let targets = Nemesis.Targets(
                store: store,
                workers: workers,
                spared: [],
                publishers: [],
                proxies: proxies,
                names: names.map(\.rawValue),
                // Many leases, and no longer, because what is delayed waits that much longer.
                shifts: [-10, 0, 10],
                flush: { try recorded.take(from: store.servers, flushing: true) }
            )
            var nemesis = Nemesis(seed: seed, targets) { if tell { Self.tell($0) } }
            let end = ContinuousClock.now + .seconds(seconds)
            while ContinuousClock.now < end {
                try await nemesis.act(ruinous: ruin, pauses: 100...1000)
                faults += 1
            }
            try nemesis.heal()
            for worker in workers {
                worker.signal(SIGTERM)
                let time = try await worker.waitForEnd(atMost: .seconds(30))
                if time == nil || worker.hasCrashed { trouble.append("worker \(worker.pid) did not end as it should") }
            }
        }
        try recorded.take(from: store.servers)
        let audit = try await RedisBackend.audit(try RedisConfiguration(url: store.url))
        for backend in backends { backend.close() }
        // A server that has moved a slot keeps its connection to the other one for ten seconds.
        let areGone = try await wait(atMost: .seconds(20)) { try Self.clients(of: store.servers) == 0 }
        let violations = trouble + findings.violations + recorded.violations(findings.events)
        return Seed(
            findings: findings,
            violations: violations + audit.violations.map(\.description),
            calls: recorded.count,
            faults: faults,
            connections: areGone ? 0 : try Self.clients(of: store.servers)
        )
    }

    private static func tell(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    /// How many clients servers have, without the other servers and the one that asks.
    private static func clients(of servers: [RedisServer]) throws -> Int {
        try servers.reduce(0) { sum, server in
            let list = try RedisProbe(port: server.port).command("CLIENT", "LIST", "TYPE", "normal").text ?? ""
            let pubsub = try RedisProbe(port: server.port).command("CLIENT", "LIST", "TYPE", "pubsub").text ?? ""
            // The one that asks is normal.
            return sum + (list + pubsub).split(separator: "\n").count - 1
        }
    }
}
