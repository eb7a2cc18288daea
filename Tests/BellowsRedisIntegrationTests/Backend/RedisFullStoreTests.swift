import Bellows
import BellowsRedis
import RedisFixture
import TestTurns
import Testing

/// A server that takes no more data.
@Suite(.turn) struct RedisFullStoreTests {
    @Test("Publishing is refused as a whole; everything that ends work goes on")
    func maxmemory() async throws {
        let server = try RedisServer.start()
        let bench = try await BackendBench("full", server: server)
        for _ in 0..<8 { try await bench.publish() }
        let named = try TaskID("named")
        try await bench.publish([1], PublishOptions(id: named, resultRetention: .seconds(60)))
        let singleton = ClaimRequest(name: bench.name, selection: .singleton, lease: BackendBench.lease)
        try bench.probe.command("CONFIG", "SET", "maxmemory", "1")

        #expect(try await BackendBench.code { try await bench.publish() } == .storeFull)
        let delayed = PublishOptions(availability: .after(.seconds(60)))
        #expect(try await BackendBench.code { try await bench.publish([1], delayed) } == .storeFull)

        let tasks = try await bench.claim(8)
        #expect(tasks.count == 8)
        #expect(try await bench.backend.renew(tasks.map(\.lease), in: bench.name) == .init(repeating: .done, count: 8))
        #expect(try await bench.finish(Array(tasks[0..<2]), result: [1, 2]) == [.done, .done])
        let next = FinishRequest(lease: tasks[2].lease, nextRun: .after(.seconds(60)), resultRetention: .seconds(60))
        #expect(try await bench.backend.finish([next], in: bench.name) == [.done])
        let retry = FailRequest(lease: tasks[3].lease, disposition: .retry(.after(.seconds(60))), error: "later")
        let dead = FailRequest(lease: tasks[4].lease, disposition: .dead, error: "never")
        #expect(try await bench.backend.fail([retry, dead], in: bench.name) == [.done, .done])
        #expect(try await bench.backend.release([tasks[5].lease], in: bench.name) == [.done])
        #expect(try await bench.backend.result(of: [ResultQuery(id: named)], in: bench.name) == [.pending])
        let byID = ClaimRequest(name: bench.name, selection: .id(named), lease: BackendBench.lease)
        guard case .claimed = try await bench.backend.claim(byID) else { throw FixtureFailure("not claimed by id") }
        guard case .claimed(let run, _) = try await bench.backend.claim(singleton) else {
            throw FixtureFailure("the singleton was not claimed")
        }
        #expect(try await bench.finish(run) == [.done])

        try bench.probe.command("CONFIG", "SET", "maxmemory", "0")
        #expect(try await bench.publish().disposition == .new)
        let counts = try await bench.backend.statistics(of: bench.name)
        #expect(counts.ready == 1)
        #expect(counts.delayed == 3)
        #expect(counts.leased == 3)
        #expect(counts.dead == 1)
    }

    @Test("An evicting server is refused, with the remedy")
    func evicting() async throws {
        let server = try RedisServer.start(arguments: ["--maxmemory-policy", "allkeys-lru"])
        let code = try await BackendBench.code { _ = try await BackendBench("evicting", server: server) }
        #expect(code == .unsupportedServer)
    }
}
