import Bellows
import BellowsHistory
import BellowsRedis
import BellowsTesting
import RedisFixture
import RedisHistory
import TestTurns
import Testing

/// Random operations of many clients while everything breaks, judged by what every backend promises, and by a reference
/// model of what the server has carried out.
@Suite(.turn) struct RedisHistoryTests {
    @Test("Nothing contradicts the promises") func history() async throws {
        let seed: UInt64 = 1
        let server = try RedisServer.start(arguments: RedisServer.durableOptions)
        defer { server.stop() }
        let proxies = try (0..<2).map { _ in try FaultProxy(forwardingTo: server.port) }
        var backends: [RedisBackend] = []
        for proxy in proxies {
            var configuration = try RedisConfiguration.patient(proxy.url)
            configuration.commandTimeout = MachineLoad.stretched(.seconds(2))
            configuration.recordsCalls = true
            backends.append(try await RedisBackend.connect(configuration))
        }
        var straight = try RedisConfiguration.patient(server.url)
        straight.recordsCalls = true
        let calm = try await RedisBackend.connect(straight)
        defer { for backend in backends + [calm] { backend.close() } }
        let name = try TaskName("history")
        var recorded = RecordedHistory(of: try HistoryRun.names(of: name))
        let run = try HistoryRun(
            backends: backends,
            calm: calm,
            name: name,
            seed: seed,
            clientsPerBackend: 3
        )
        var generator = SeededGenerator(seed: seed)
        // Each kind of fault once, in an order of its own for each seed.
        // Other tests keep the machine busy; `bellows-bench history` is strict about times.
        let findings = try await run.run(allowance: MachineLoad.stretched(.seconds(60))) {
            for fault in StoreFault.allCases.shuffled(using: &generator) {
                let proxy = proxies[Int.random(in: 0..<2, using: &generator)]
                try await fault.perform(on: server, proxy, for: .milliseconds(200))
            }
        }
        #expect(findings.violations == [], "seed \(seed)")
        #expect(findings.ended > 0)
        try recorded.take(from: [server])
        #expect(recorded.count > findings.ended)
        #expect(recorded.violations(findings.events) == [], "seed \(seed)")
        #expect(try await RedisBackend.audit(.patient(server.url)).violations == [])
    }
}
