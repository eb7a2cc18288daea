import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// kill -9 of redis-server under load with AOF everysec, restarted after one second.
struct KillRedisCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "kill-redis")

    @Option(help: "How often the server is killed.") var kills = 3

    func run() async throws {
        let server = try RedisServer.start(arguments: ["--appendonly", "yes", "--appendfsync", "everysec"])
        defer { server.stop() }
        let load = try await Load(url: server.url, lanes: 32)
        var resumes: [Double] = []
        for _ in 0..<kills {
            try await Task.sleep(for: .seconds(3))
            server.kill()
            try await Task.sleep(for: .seconds(1))
            try server.restart()
            // `restart` returns at the first PONG.
            let ponged = ContinuousClock.now
            let runs = load.ledger.runs
            _ = try await wait(atMost: .seconds(30)) { load.ledger.runs > runs }
            resumes.append((ContinuousClock.now - ponged) / .seconds(1))
        }
        var report = try await load.finish("kill-redis")
        report.figures["resume_max_s"] = resumes.max() ?? 0
        report.goals["50,000 acknowledged in five kills"] = load.ledger.acknowledged >= 10_000 * kills
        report.goals["resumes <= 2 s after PONG"] = (resumes.max() ?? 99) <= 2
        try report.print()
    }
}
