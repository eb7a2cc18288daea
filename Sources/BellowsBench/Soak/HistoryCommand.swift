import ArgumentParser
import Bellows
import BellowsRedis
import BellowsTesting
import Foundation
import RedisFixture

/// Random operations of 24 clients while faults happen, and a check of what they saw: nothing may contradict what every
/// backend promises, and every key must be as it should be.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "history")

    @Option(help: "For how long, in seconds, with each seed.") var seconds = 60
    @Option(help: "The first seed; a random one if it is left out.") var seed: UInt64?
    @Option(help: "How many seeds, one after the other.") var seeds = 1
    @Flag(help: "On a cluster of three primaries, whose slots move.") var cluster = false

    func run() async throws {
        let first = seed ?? UInt64.random(in: 0...999_999)
        var report = Report(experiment: "history")
        var totals: [String: Double] = [:]
        for seed in first..<first + UInt64(seeds) {
            FileHandle.standardError.write(Data("seed \(seed)\n".utf8))
            let done = try await cluster ? runOnCluster(seed) : run(seed)
            let (findings, audit) = (done.findings, done.audit)
            for violation in findings.violations + audit.violations.map(\.description) {
                FileHandle.standardError.write(Data("seed \(seed): \(violation)\n".utf8))
            }
            totals["operations", default: 0] += Double(findings.operations)
            totals["unknown", default: 0] += Double(findings.unknown)
            totals["ended", default: 0] += Double(findings.ended)
            totals["violations", default: 0] += Double(findings.violations.count)
            totals["audit_violations", default: 0] += Double(audit.violationCount)
            totals["faults", default: 0] += Double(done.faults)
            totals["connections_left", default: 0] += Double(done.connections)
        }
        report.figures = totals
        report.figures["first_seed"] = Double(first)
        report.figures["seeds"] = Double(seeds)
        report.goals["violations 0"] = totals["violations"] == 0 && totals["audit_violations"] == 0
        report.goals["no connection is left"] = totals["connections_left"] == 0
        try report.print()
    }

    /// What one seed has brought.
    private struct Seed {
        let findings: HistoryRun.Findings
        let audit: StoreAudit
        let faults: Int
        /// How many connections were left when every backend was closed.
        let connections: Int
    }

    private func run(_ seed: UInt64) async throws -> Seed {
        let server = try RedisServer.start(arguments: Self.durable)
        defer { server.stop() }
        let proxies = try (0..<3).map { _ in try FaultProxy(forwardingTo: server.port) }
        return try await run(seed, proxies.map(\.url), calm: server.url, [server]) { generator in
            let fault = StoreFault.allCases.randomElement(using: &generator) ?? .cut
            let proxy = proxies[Int.random(in: 0..<3, using: &generator)]
            let duration = Duration.milliseconds(Int.random(in: 100...3000, using: &generator))
            try await fault.perform(on: server, proxy, for: duration)
        }
    }

    private func runOnCluster(_ seed: UInt64) async throws -> Seed {
        let group = try ClusterGroup(replicas: 0, arguments: Self.durable)
        defer { group.stop() }
        return try await run(seed, Array(repeating: group.url, count: 3), calm: group.url, group.servers) { generator in
            let fault = ClusterFault.allCases.randomElement(using: &generator) ?? .moveSlot
            let duration = Duration.milliseconds(Int.random(in: 50...800, using: &generator))
            try await fault.perform(on: group, key: "{history}", using: &generator, for: duration)
        }
    }

    /// Options of servers that may be killed.
    private static let durable = ["--appendonly", "yes", "--appendfsync", "everysec"]

    /// Runs clients of three processes while one fault follows the other.
    ///
    /// - Parameters:
    ///   - urls: where each of the processes finds the store.
    ///   - calm: the store, past all that may be in the way.
    ///   - servers: all servers of the store, which nobody is connected to in the end (L5).
    ///   - harm: one fault.
    private func run(
        _ seed: UInt64,
        _ urls: [String],
        calm: String,
        _ servers: [RedisServer],
        _ harm: (inout SeededGenerator) async throws -> Void
    ) async throws -> Seed {
        var backends: [RedisBackend] = []
        defer { for backend in backends { backend.close() } }
        for url in urls + [calm] {
            var configuration = try RedisConfiguration(url: url)
            configuration.commandTimeout = .seconds(2)
            backends.append(try await RedisBackend.connect(configuration))
        }
        let run = try HistoryRun(
            backends: Array(backends.dropLast()),
            calm: backends[urls.count],
            name: try TaskName("history"),
            seed: seed,
            clientsPerBackend: 8
        )
        var generator = SeededGenerator(seed: seed)
        var faults = 0
        let findings = try await run.run {
            let end = ContinuousClock.now + .seconds(seconds)
            while ContinuousClock.now < end {
                try await harm(&generator)
                faults += 1
                try await Task.sleep(for: .milliseconds(Int.random(in: 100...1000, using: &generator)))
            }
        }
        let audit = try await RedisBackend.audit(try RedisConfiguration(url: calm))
        for backend in backends { backend.close() }
        let areGone = try await wait(atMost: .seconds(5)) { try Self.clients(of: servers) == 0 }
        return Seed(
            findings: findings,
            audit: audit,
            faults: faults,
            connections: areGone ? 0 : try Self.clients(of: servers)
        )
    }

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
