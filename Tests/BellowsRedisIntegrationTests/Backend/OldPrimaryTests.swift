import Bellows
import BellowsRedis
import BellowsTesting
import RedisFixture
import Synchronization
import TestTurns
import Testing

/// Two primaries for a while: what the old one took meanwhile is gone when it comes back as the other one's replica.
@Suite(.turn) struct OldPrimaryTests {
    private static let patience = MachineLoad.stretched(.seconds(60))

    @Test("Handlers of the old side are cancelled, what both sides know runs again and ends once, the rest is unknown")
    func splitBrain() async throws {
        let old = try RedisServer.start(arguments: ["--repl-diskless-sync-delay", "0"])
        let new = try RedisServer.start(arguments: ["--replicaof", "127.0.0.1", "\(old.port)"])
        defer { for server in [old, new] { server.stop() } }
        let (oldProbe, newProbe) = (try RedisProbe(port: old.port), try RedisProbe(port: new.port))
        let backend = try await RedisBackend.connect(.patient(old.url))
        defer { backend.close() }
        let name = try TaskName("split")
        let options = PublishOptions(resultRetention: .seconds(600), announcesResult: true)
        let known = try await backend.publish([PublishRequest(payload: [1], options: options)], to: name)[0]
        try await FixtureWait.until("the replica has the task") {
            try newProbe.command("EXISTS", "bellows:2:{split}:records") == .integer(1)
        }

        // From now on there are two primaries. The old one takes another task, and hands out both.
        try newProbe.command("REPLICAOF", "NO", "ONE")
        let lost = try await backend.publish([PublishRequest(payload: [2], options: options)], to: name)[0]
        let (events, event) = AsyncStream.makeStream(of: String.self)
        let runs = Mutex<[TaskID: Int]>([:])
        let handler = TaskHandler(name: name, options: TaskOptions(retry: RetryPolicy(maximumAttempts: 100))) {
            payload,
            context in
            let run = runs.withLock { runs in
                runs[context.id, default: 0] += 1
                return runs[context.id] ?? 0
            }
            if run == 1 {
                event.yield("began")
                // Ends only by being cancelled, and offers a result all the same.
                try? await Task.sleep(for: .seconds(600))
                event.yield("cancelled")
                return [9]
            }
            return payload
        }
        let configuration = DispatcherConfiguration(lease: LeasePolicy(duration: MachineLoad.stretched(.seconds(4))))
        let running = WorkerDispatcher(backend, handlers: handler, configuration: configuration).launch()
        var seen = events.makeAsyncIterator()
        for _ in 0..<2 { #expect(await seen.next() == "began") }

        try oldProbe.command("REPLICAOF", "127.0.0.1", "\(new.port)")
        for _ in 0..<2 { #expect(await seen.next() == "cancelled") }
        try await FixtureWait.until("the old primary follows the new one") {
            try replication(of: old).contains("master_link_status:up")
        }
        // The address may name the right one again.
        try RedisProbe(port: old.port).command("REPLICAOF", "NO", "ONE")

        let result = try await backend.awaitResult(of: known.id, run: known.run, in: name, timeout: Self.patience)
        #expect(result == [1], "the result of the second run, not of the one that was cancelled")
        do {
            _ = try await backend.awaitResult(of: lost.id, run: lost.run, in: name, timeout: Self.patience)
            Issue.record("a result of a task that is gone")
        } catch {
            guard case .unknown = error else { throw error }
        }
        #expect(runs.withLock { $0 } == [known.id: 2, lost.id: 1])
        try await FixtureWait.until("one task is finished") {
            try await backend.statistics(of: name).finishedTotal == 1
        }
        running.cancel()
        #expect(try await RedisBackend.audit(.patient(old.url)).violations == [])
    }

    private func replication(of server: RedisServer) throws -> String {
        // A server that changes its role cuts its clients off, so each question has a connection of its own.
        (try? RedisProbe(port: server.port).command("INFO", "replication"))?.text ?? ""
    }
}
