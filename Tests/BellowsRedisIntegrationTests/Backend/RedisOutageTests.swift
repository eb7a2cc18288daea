import Bellows
import BellowsRedis
import BellowsTesting
import RedisFixture
import TestTurns
import Testing

/// A server that is away.
@Suite(.turn) struct RedisOutageTests {
    @Test("However many publishes wait, each fails when its own time is up, and later ones go through")
    func publishesTogether() async throws {
        let server = try RedisServer.start()
        var configuration = try RedisConfiguration.patient(server.url)
        configuration.commandTimeout = MachineLoad.stretched(.seconds(3))
        let backend = try await RedisBackend.connect(configuration)
        let name = try TaskName("outage")
        server.kill()
        let start = ContinuousClock.now
        let codes = await withTaskGroup(of: BellowsError.Code?.self) { group in
            for _ in 0..<2000 {
                group.addTask {
                    do {
                        _ = try await backend.publish([PublishRequest(payload: [1])], to: name)
                        return nil
                    } catch {
                        return (error as? BellowsError)?.code
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        // Twenty batches one after the other would take twice as long.
        #expect(ContinuousClock.now - start < configuration.commandTimeout * 10)
        #expect(codes[.unavailable, default: 0] + codes[.outcomeUnknown, default: 0] == 2000)
        try server.restart()
        try await FixtureWait.until("a publish goes through") {
            do throws(BellowsError) {
                return try await backend.publish([PublishRequest(payload: [1])], to: name).count == 1
            } catch {
                guard error.isRetryable else { throw error }
                // The next attempt to connect has not been made yet.
                return false
            }
        }
        #expect(try await backend.statistics(of: name).ready >= 1)
    }

    @Test("Who waits for a result for a limited time, or is cancelled, is not held up by a server that hangs")
    func waitersOfAHangingServer() async throws {
        let server = try RedisServer.start()
        var configuration = try RedisConfiguration.patient(server.url)
        configuration.commandTimeout *= 10
        let backend = try await RedisBackend.connect(configuration)
        defer { backend.close() }
        let name = try TaskName("hanging")
        let published = try await backend.publish([PublishRequest(payload: [1])], to: name)[0]
        server.suspend()
        defer { server.resume() }
        let start = ContinuousClock.now
        let late = await #expect(throws: TaskAwaitError.self) {
            try await backend.awaitResult(of: published.id, in: name, timeout: .milliseconds(200))
        }
        guard case .timedOut? = late else {
            Issue.record("\(String(describing: late))")
            return
        }
        let (looks, look) = AsyncStream.makeStream(of: Void.self)
        let waiter = Task {
            look.yield()
            return try await backend.awaitResult(of: published.id, in: name)
        }
        for await _ in looks { break }
        waiter.cancel()
        let given = await #expect(throws: TaskAwaitError.self) { try await waiter.value }
        guard case .cancelled? = given else {
            Issue.record("\(String(describing: given))")
            return
        }
        #expect(ContinuousClock.now - start < configuration.commandTimeout / 10)
    }

    @Test("A backend may be made while Redis is down, and a connect then fails at once with a reason")
    func startsWithoutServer() async throws {
        let server = try RedisServer.start()
        server.kill()
        let code = try await BackendBench.code { _ = try await RedisBackend.connect(server.url) }
        #expect(code == .unavailable)
        let backend = try RedisBackend(configuration: try .patient(server.url))
        async let waiting = backend.publish([PublishRequest(payload: [1])], to: TaskName("early"))
        try server.restart()
        #expect(try await waiting.count == 1)
    }

    @Test("A closed backend refuses everything, and its subscriptions end")
    func close() async throws {
        let bench = try await BackendBench("close")
        let subscription = try await bench.backend.subscribe(to: [.tasks(bench.name)])
        bench.backend.close()
        #expect(try await BackendBench.code { try await bench.publish() } == .closed)
        #expect(try await BackendBench.code { _ = try await bench.backend.subscribe(to: []) } == .closed)
        var next = await subscription.next()
        while case .signal = next { next = await subscription.next() }
        #expect(next == .ended)
    }
}
