import Bellows
import BellowsRedis
import RedisFixture
import Testing

/// Publishes that wait for replicas.
@Suite struct RedisReplicationTests {
    private func options(_ count: Int = 1, _ time: Duration) -> PublishOptions {
        PublishOptions(durability: .replicated(to: count, within: time))
    }

    @Test("A publish says how many replicas have the task")
    func confirms() async throws {
        let pair = try ReplicaPair()
        defer { pair.stop() }
        let bench = try await BackendBench("replicated", server: pair.primary)
        #expect(try await bench.publish([1], options(1, .seconds(60))).durability == .replicated(to: 1))
        #expect(try await bench.publish([1], options(2, .milliseconds(50))).durability == .notReplicated(to: 1))
        #expect(try await bench.publish().durability == .acknowledged)
        #expect(try await bench.claim(3).count == 3)
    }

    @Test("A replica that does not answer in time: stored, not replicated, and the task runs")
    func tellsWhatIsNotReplicated() async throws {
        let pair = try ReplicaPair()
        defer { pair.stop() }
        let bench = try await BackendBench("late", server: pair.primary)
        pair.replica.suspend()
        #expect(try await bench.publish([1], options(1, .milliseconds(100))).durability == .notReplicated(to: 0))
        #expect(try await bench.claim().count == 1)
    }

    @Test("A store without replicas, and a request that makes no sense")
    func withoutReplicas() async throws {
        let bench = try await BackendBench("none")
        #expect(try await bench.publish([1], options(1, .milliseconds(10))).durability == .notReplicated(to: 0))
        await #expect(throws: InvalidTaskError.self) { try await bench.publish([1], options(0, .seconds(1))) }
        await #expect(throws: InvalidTaskError.self) { try await bench.publish([1], options(1, .zero)) }
        let memory = InMemoryBackend()
        let request = PublishRequest(payload: [1], options: options(1, .seconds(1)))
        #expect(try await memory.publish([request], to: bench.name).map(\.durability) == [.notReplicated(to: 0)])
    }

    @Test("When the connection breaks, WAIT on the next one is not believed before the publish was repeated")
    func reconnects() async throws {
        let pair = try ReplicaPair()
        defer { pair.stop() }
        let bench = try await BackendBench("broken", server: pair.primary)
        pair.replica.suspend()
        async let published = bench.publish([1], options(1, .seconds(3)))
        for _ in 0..<3 {
            var id: Substring?
            try pair.until("a WAIT is under way") {
                let list = try bench.probe.command("CLIENT", "LIST").text ?? ""
                id = list.split(separator: "\n").first { $0.contains(" cmd=wait ") }?.split(separator: " ").first
                return id != nil
            }
            // The client is told by `id=NUMBER`. It may have ended in the meantime, and then come back.
            let number = String(id?.dropFirst(3) ?? "")
            _ = try bench.probe.command("CLIENT", "KILL", "ID", number)
        }
        #expect(try await published.durability == .notReplicated(to: 0))
        #expect(try await bench.backend.statistics(of: bench.name).ready == 1)
    }

    @Test("What was replicated is there after the primary was lost")
    func survivesThePrimary() async throws {
        let pair = try ReplicaPair()
        defer { pair.stop() }
        let bench = try await BackendBench("failover", server: pair.primary)
        let confirmed = try await withThrowingTaskGroup(of: PublishedTask.self) { group in
            for _ in 0..<300 { group.addTask { try await bench.publish([1], options(1, .seconds(60))) } }
            return try await group.reduce(into: 0) { $0 += $1.durability == .replicated(to: 1) ? 1 : 0 }
        }
        pair.primary.kill()
        try RedisProbe(port: pair.replica.port).command("REPLICAOF", "NO", "ONE")
        let promoted = try await RedisBackend.connect(pair.replica.url)
        #expect(confirmed == 300)
        #expect(try await promoted.statistics(of: bench.name).ready == 300)
    }

    @Test("A user without WAIT publishes all the same")
    func withoutPermission() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let bench = try await BackendBench("denied", server: server, url: server.openURL)
        try bench.probe.command("ACL", "SETUSER", "default", "-wait")
        #expect(try await bench.publish([1], options(1, .seconds(1))).durability == .notReplicated(to: 0))
        bench.backend.close()
        #expect(try await BackendBench.code { try await bench.publish([1], options(1, .seconds(1))) } == .closed)
    }
}
