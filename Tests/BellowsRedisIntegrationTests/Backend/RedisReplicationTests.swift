import Bellows
import BellowsTesting
import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

/// Publishes that wait for replicas.
@Suite(.turn) struct RedisReplicationTests {
    private let patience = MachineLoad.stretched(.seconds(60))

    private func options(_ count: Int = 1, _ time: Duration) -> PublishOptions {
        PublishOptions(durability: .replicated(to: count, within: time))
    }

    @Test("A publish says how many replicas have the task")
    func confirms() async throws {
        let pair = try await ReplicaPair()
        defer { pair.stop() }
        let bench = try await BackendBench("replicated", server: pair.primary)
        #expect(try await bench.publish([1], options(1, patience)).durability == .replicated(to: 1))
        #expect(
            try await bench.publish([1], options(2, MachineLoad.stretched(.seconds(1)))).durability
                == .notReplicated(to: 1)
        )
        #expect(try await bench.publish().durability == .acknowledged)
        #expect(try await bench.claim(3).count == 3)
    }

    @Test("A replica that does not answer in time: stored, not replicated, and the task runs")
    func tellsWhatIsNotReplicated() async throws {
        let pair = try await ReplicaPair()
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
        await #expect(throws: BellowsError.self) { try await bench.publish([1], options(0, .seconds(1))) }
        await #expect(throws: BellowsError.self) { try await bench.publish([1], options(1, .zero)) }
        let memory = InMemoryBackend()
        let request = PublishRequest(payload: [1], options: options(1, .seconds(1)))
        #expect(try await memory.publish([request], to: bench.name).map(\.durability) == [.notReplicated(to: 0)])
    }

    @Test("When the connection breaks, WAIT on the next one is not believed before the publish was repeated")
    func reconnects() async throws {
        let pair = try await ReplicaPair()
        defer { pair.stop() }
        let bench = try await BackendBench("broken", server: pair.primary)
        pair.replica.suspend()
        async let published = bench.publish([1], options(1, MachineLoad.stretched(.seconds(3))))
        for _ in 0..<3 {
            var id: Substring?
            try await FixtureWait.until("a WAIT is under way") {
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

    @Test("Those who do not wait for a replica do not wait for those who do")
    func holdsUpNobody() async throws {
        let pair = try await ReplicaPair()
        defer { pair.stop() }
        let bench = try await BackendBench("patient", server: pair.primary)
        pair.replica.suspend()
        let patient = Task { try await bench.publish([1], options(1, .seconds(600))).durability }
        try await FixtureWait.until("a WAIT is under way") {
            try bench.probe.command("CLIENT", "LIST").text?.contains(" cmd=wait ") == true
        }
        // More than the numbers of calls that may be open beside the oldest one.
        for _ in 0..<200 { try await bench.publish() }
        let tasks = try await bench.claim(100)
        #expect(tasks.count == 100)
        #expect(try await bench.finish(tasks).allSatisfy { $0 == .done })
        pair.replica.resume()
        #expect(try await patient.value == .replicated(to: 1))
    }

    @Test("A publish that waits for a replica may be awaited, and its result is announced")
    func announces() async throws {
        let pair = try await ReplicaPair()
        defer { pair.stop() }
        let bench = try await BackendBench("awaited", server: pair.primary)
        var options = options(1, patience)
        options.announcesResult = true
        let published = try await bench.publish([1], options)
        #expect(published.durability == .replicated(to: 1))
        async let result = bench.backend.awaitResult(of: published.id, run: published.run, in: bench.name)
        #expect(try await bench.finish(try await bench.claim(), result: [7]) == [.done])
        #expect(try await result == [7])
    }

    @Test("A repeated call is replicated too, because WAIT behind it would speak of nothing else since Redis 7.2")
    func repetitionsAreReplicated() async throws {
        let pair = try await ReplicaPair()
        defer { pair.stop() }
        let bench = try ScriptBench("repeated", on: pair.primary)
        func offset() throws -> Int {
            let text = try bench.probe.command("INFO", "replication").text ?? ""
            let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("master_repl_offset:") } ?? ""
            return Int(line.dropFirst("master_repl_offset:".count)) ?? 0
        }
        let call = [ScriptBench.process, "7", "RA", "a", "", "R"]
        #expect(try bench.run(.publish, call[0], call[1], call[2], call[3], call[4], call[5]).text == "N")
        // Replicas are also sent a PING now and then, which is shorter.
        let before = try offset()
        #expect(try bench.run(.publish, call[0], call[1], call[2], call[3], call[4], call[5]).text == "N")
        #expect(try offset() - before > 60)
    }

    @Test("WAIT behind a repeated call does not count a replica that lacks what the first one wrote")
    func repetitionsAreWaitedFor() async throws {
        let pair = try await ReplicaPair()
        defer { pair.stop() }
        let first = try ScriptBench("unseen", on: pair.primary)
        pair.replica.suspend()
        defer { pair.replica.resume() }
        let call = [ScriptBench.process, "7", "RA", "a", "", "R"]
        #expect(try first.run(.publish, call[0], call[1], call[2], call[3], call[4], call[5]).text == "N")
        // Its answer is lost with its connection. The next connection has written nothing yet.
        let probe = try RedisProbe(port: pair.primary.port)
        let script = ["EVAL", RedisScript.publish.text, "1", first.base] + call
        #expect(try probe.command(script.map { Array($0.utf8) }).text == "N")
        #expect(try probe.command("WAIT", "1", "100") == .integer(0))
        pair.replica.resume()
        #expect(try probe.command("WAIT", "1", "60000") == .integer(1))
    }

    @Test("What was replicated is there after the primary was lost")
    func survivesThePrimary() async throws {
        let pair = try await ReplicaPair()
        defer { pair.stop() }
        let bench = try await BackendBench("failover", server: pair.primary)
        let confirmed = try await withThrowingTaskGroup(of: PublishedTask.self) { group in
            for _ in 0..<300 { group.addTask { try await bench.publish([1], options(1, patience)) } }
            return try await group.reduce(into: 0) { $0 += $1.durability == .replicated(to: 1) ? 1 : 0 }
        }
        pair.primary.kill()
        try RedisProbe(port: pair.replica.port).command("REPLICAOF", "NO", "ONE")
        let promoted = try await RedisBackend.connect(.patient(pair.replica.url))
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
