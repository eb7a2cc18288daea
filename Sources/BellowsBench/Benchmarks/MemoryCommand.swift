import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// Bytes of redis-server per ready and per leased task, and what a finished task leaves behind.
struct MemoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "memory")

    @Option(help: "How many tasks.") var count = 100_000

    func run() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let backend = try await RedisBackend.connect(server.url)
        let name = try TaskName("bench.memory")
        let probe = try RedisProbe(port: server.port)
        let empty = try probe.info("used_memory")
        let request = PublishRequest(payload: [UInt8](repeating: 120, count: 100))
        for _ in 0..<(count / 100) {
            _ = try await backend.publish(Array(repeating: request, count: 100), to: name)
        }
        let ready = try probe.info("used_memory")
        var leases: [Lease] = []
        while leases.count < count {
            let claim = ClaimRequest(name: name, selection: .earliest(100), lease: .seconds(3600))
            guard case .claimed(let tasks, _) = try await backend.claim(claim) else { break }
            leases += tasks.map(\.lease)
        }
        let leased = try probe.info("used_memory")
        for start in stride(from: 0, to: leases.count, by: 100) {
            let part = leases[start..<min(start + 100, leases.count)]
            _ = try await backend.finish(part.map { FinishRequest(lease: $0) }, in: name)
        }
        let finished = try probe.info("used_memory")
        var report = Report(experiment: "memory")
        report.figures["tasks"] = Double(count)
        report.figures["bytes_per_ready_task"] = (ready - empty) / Double(count)
        report.figures["bytes_per_leased_task"] = (leased - empty) / Double(count)
        report.figures["bytes_left_after_all_finished"] = finished - empty
        report.goals["<= 235 bytes per ready task"] = (ready - empty) / Double(count) <= 235
        report.goals["<= 430 bytes per leased task"] = (leased - empty) / Double(count) <= 430
        try report.print()
        backend.close()
    }
}
