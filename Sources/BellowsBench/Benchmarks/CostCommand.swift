import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// CPU of redis-server for publish + claim + finish of a 100-byte task: one task per script, and in batches.
struct CostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "cost")

    @Option(help: "How many tasks.") var count = 100_000
    @Option(help: "How many tasks go through at the same time, each in a definition of its own.") var lanes = 256

    func run() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let probe = try RedisProbe(port: server.port)
        var report = Report(experiment: "cost")
        for batch in [1, 50] {
            let before = try probe.cpuSeconds()
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Definitions of their own keep one task per script: publishes of one definition would be joined.
                for lane in 0..<lanes { group.addTask { try await run(server, lane, count / lanes, batch) } }
                try await group.waitForAll()
            }
            let cost = (try probe.cpuSeconds() - before) * 1e6 / Double(count / lanes * lanes)
            report.figures[batch == 1 ? "us_per_task_unbatched" : "us_per_task_batched"] = cost
        }
        report.figures["us_per_empty_script"] = try emptyScriptCost(server, probe)
        report.goals["unbatched <= 28 us"] = report.figures["us_per_task_unbatched"].map { $0 <= 28 }
        try report.print()
    }

    /// The baseline: what a script that does nothing costs in the same minute.
    private func emptyScriptCost(_ server: RedisServer, _ probe: RedisProbe) throws -> Double {
        guard let digest = try probe.command("SCRIPT", "LOAD", "return 1").text else { return 0 }
        let before = try probe.cpuSeconds()
        let load = Process()
        load.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        load.arguments = [
            "redis-benchmark", "-p", "\(server.port)", "-n", "200000", "-c", "50", "-P", "16", "-q", "EVALSHA", digest,
            "0",
        ]
        load.standardOutput = FileHandle.nullDevice
        try load.run()
        load.waitUntilExit()
        return (try probe.cpuSeconds() - before) * 1e6 / 200_000
    }

    private static let shared = SharedBackend()

    private func run(_ server: RedisServer, _ lane: Int, _ count: Int, _ batch: Int) async throws {
        let backend = try await Self.shared.backend(server.url)
        let name = try TaskName("bench.cost.\(lane)")
        let requests = Array(repeating: PublishRequest(payload: [UInt8](repeating: 120, count: 100)), count: batch)
        for _ in 0..<(count / batch) {
            _ = try await backend.publish(requests, to: name)
            let claim = ClaimRequest(name: name, selection: .earliest(batch), lease: .seconds(20))
            guard case .claimed(let tasks, _) = try await backend.claim(claim) else { continue }
            _ = try await backend.finish(tasks.map { FinishRequest(lease: $0.lease) }, in: name)
        }
    }
}

/// One connection for all lanes, so that their commands travel together as those of one process do.
private actor SharedBackend {
    private var task: Task<RedisBackend, any Error>?

    func backend(_ url: String) async throws -> RedisBackend {
        let task = task ?? Task { try await RedisBackend.connect(url) }
        self.task = task
        return try await task.value
    }
}
