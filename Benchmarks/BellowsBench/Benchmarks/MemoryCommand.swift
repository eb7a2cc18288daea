import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// Bytes of redis-server per ready and per leased task, and what a finished task leaves behind.
struct MemoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "memory")

    @OptionGroup var target: ServerOption
    @Option(help: "How many tasks.") var count = 100_000

    func run() async throws {
        let server = try target.start()
        defer { server.stop() }
        let backend = try await RedisBackend.connect(server.url)
        let name = try TaskName("bench.memory")
        let probe = try RedisProbe(port: server.port)
        // Buffers, scripts and their garbage come with the first tasks, whatever their number.
        try await finish(try await claim(publish(1000, backend, name), backend, name), backend, name)
        let empty = try probe.info("used_memory")
        let published = try await publish(count, backend, name)
        let ready = try probe.info("used_memory")
        let leases = try await claim(published, backend, name)
        let leased = try probe.info("used_memory")
        try await finish(leases, backend, name)
        let finished = try probe.info("used_memory")
        var report = Report(experiment: "memory")
        report.figures["tasks"] = Double(count)
        report.figures["bytes_per_ready_task"] = (ready - empty) / Double(count)
        report.figures["bytes_per_leased_task"] = (leased - empty) / Double(count)
        report.figures["bytes_left_per_finished_task"] = (finished - empty) / Double(count)
        report.goals["<= 235 bytes per ready task"] = (ready - empty) / Double(count) <= 235
        report.goals["<= 430 bytes per leased task"] = (leased - empty) / Double(count) <= 430
        try report.print()
        backend.close()
    }

    private func publish(_ count: Int, _ backend: RedisBackend, _ name: TaskName) async throws -> Int {
        let request = PublishRequest(payload: BenchDefinition.payload)
        let outcomes = await backend.publish(contentsOf: Array(repeating: request, count: count), to: name)
        return try outcomes.map { try $0.get() }.count
    }

    private func claim(_ count: Int, _ backend: RedisBackend, _ name: TaskName) async throws -> [Lease] {
        var leases: [Lease] = []
        while leases.count < count {
            let claim = ClaimRequest(name: name, selection: .earliest(100), lease: .seconds(3600))
            guard case .claimed(let tasks, _) = try await backend.claim(claim) else { break }
            leases += tasks.map(\.lease)
        }
        return leases
    }

    private func finish(_ leases: [Lease], _ backend: RedisBackend, _ name: TaskName) async throws {
        for start in stride(from: 0, to: leases.count, by: 100) {
            let part = leases[start..<min(start + 100, leases.count)]
            _ = try await backend.finish(part.map { FinishRequest(lease: $0) }, in: name)
        }
    }
}
