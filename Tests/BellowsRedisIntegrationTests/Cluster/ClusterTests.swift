import Bellows
import BellowsRedis
import BellowsTesting
import Foundation
import RedisFixture
import TestTurns
import Testing

/// A real cluster whose servers die, and whose slots move.
@Suite(.needs(.cluster), .clusterTurn) struct ClusterTests {
    /// What publishers and workers have done.
    private struct Ledger: Sendable {
        let acknowledged = EventProbe<TaskID>()
        let finished = EventProbe<TaskID>()
        let cancelled = EventProbe<TaskID>()

        /// How often each task was finished.
        var runs: [Int] { Dictionary(grouping: finished.events) { $0 }.values.map(\.count) }
        /// Acknowledged tasks that have not been finished.
        var missing: Set<TaskID> { Set(acknowledged.events).subtracting(finished.events) }

        /// Waits for a few hundred more tasks than there are now.
        func waitForMore() async throws {
            try await finished.wait(forCount: finished.events.count + 200, of: "finished tasks")
        }
    }

    private static func connect(_ url: String, timeout: Duration? = nil) async throws -> RedisBackend {
        var configuration = try RedisConfiguration.patient(url)
        configuration.commandTimeout = timeout ?? configuration.commandTimeout
        return try await RedisBackend.connect(configuration)
    }

    private static func key(_ name: TaskName) -> String { "{\(name)}" }

    /// Runs publishers and a worker on one definition, lets something happen, and waits until all is done, but for what
    /// may have been lost.
    private func underLoad(
        _ group: ClusterGroup,
        _ happen: (TaskName, Ledger) async throws -> Set<TaskID>
    ) async throws -> (ledger: Ledger, name: TaskName) {
        let name = try TaskName("load-\(UInt32.random(in: .min ... .max))")
        let (publisher, worker) = (try await Self.connect(group.url), try await Self.connect(group.url))
        defer {
            publisher.close()
            worker.close()
        }
        let ledger = Ledger()
        let handler = TaskHandler(name: name) { _, context in
            if Task.isCancelled { ledger.cancelled.record(context.id) }
            ledger.finished.record(context.id)
            return []
        }
        let running = WorkerDispatcher(worker, handlers: handler).launch()
        // Also when what happens fails: whoever publishes goes on until then.
        let stop = StopFlag()
        defer { stop.set() }
        async let published: Void = withThrowingTaskGroup(of: Void.self) { callers in
            for _ in 0..<4 {
                callers.addTask {
                    while !stop.isSet, !Task.isCancelled {
                        let id = TaskID()
                        let request = PublishRequest(payload: [1], options: PublishOptions(id: id))
                        // A publish that failed may have stored its task, and owes nothing.
                        if (try? await publisher.publish([request], to: name)) != nil {
                            ledger.acknowledged.record(id)
                        }
                    }
                }
            }
            try await callers.waitForAll()
        }
        let mayBeLost = try await happen(name, ledger)
        stop.set()
        try await published
        let acknowledged = Set(ledger.acknowledged.events).subtracting(mayBeLost)
        try await ledger.finished.wait(for: "every acknowledged task") { acknowledged.isSubset(of: $0) }
        running.cancel()
        return (ledger, name)
    }

    @Test("A slot that moves under load takes its tasks along, and nobody works on half of them")
    func moves() async throws {
        let group = try ClusterGroup(replicas: 0)
        defer { group.stop() }
        let (ledger, name) = try await underLoad(group) { name, ledger in
            try await ledger.waitForMore()
            for _ in 0..<3 {
                let source = try group.primary(of: Self.key(name))
                let target = try #require(group.servers.first { $0 !== source })
                try group.moveSlot(of: Self.key(name), to: target)
                // New work after the move shows that everybody has found the new place.
                try await ledger.waitForMore()
            }
            return []
        }
        #expect(ledger.missing == [])
        #expect(ledger.runs.allSatisfy { $0 == 1 })
        #expect(ledger.cancelled.events == [])
        let audit = try await RedisBackend.audit(.patient(group.url), only: [name])
        #expect(audit.violations.map(\.description) == [])
    }

    @Test("While a slot is on its way nothing is stored in either place, and everything afterwards")
    func waitsForTheMove() async throws {
        let group = try ClusterGroup(primaries: 3, replicas: 0)
        defer { group.stop() }
        let backend = try await Self.connect(group.url)
        defer { backend.close() }
        let name = try TaskName("moving")
        let source = try group.primary(of: Self.key(name))
        let target = try #require(group.servers.first { $0 !== source })
        _ = try await backend.publish([PublishRequest(payload: [1])], to: name)
        let impatient = try await Self.connect(group.url, timeout: .milliseconds(300))
        defer { impatient.close() }
        let (code, keys) = try await Self.halfway(group, name, target) {
            let code = try await BackendBench.code {
                _ = try await impatient.publish([PublishRequest(payload: [2])], to: name)
            }
            return (code, try RedisProbe(port: target.port).command("KEYS", "*").elements)
        }
        // Unknown if the last try was still under way when the time was up.
        #expect(code == .unavailable || code == .outcomeUnknown)
        #expect(keys == [])
        _ = try await backend.publish([PublishRequest(payload: [3])], to: name)
        let statistics = try await backend.statistics(of: name)
        #expect(statistics.ready == 2)
    }

    /// Moves the slot of a definition, and does something while it is on its way.
    private static func halfway<Outcome>(
        _ group: ClusterGroup,
        _ name: TaskName,
        _ target: RedisServer,
        _ body: () async throws -> Outcome
    ) async throws -> Outcome {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let goOn = DispatchSemaphore(value: 0)
        async let moved: Void = withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try group.moveSlot(of: key(name), to: target) {
                            begin.finish()
                            goOn.wait()
                        }
                    }
                )
            }
        }
        for await _ in begun {}
        let outcome: Outcome
        do {
            outcome = try await body()
            goOn.signal()
        } catch {
            goOn.signal()
            throw error
        }
        try await moved
        return outcome
    }

    @Test("A replica takes the place of a primary that dies, and waiting workers hear of new tasks there")
    func failsOver() async throws {
        let group = try ClusterGroup()
        defer { group.stop() }
        let (ledger, name) = try await underLoad(group) { name, ledger in
            try await ledger.waitForMore()
            let old = try group.primary(of: Self.key(name))
            old.kill()
            _ = try group.waitForSuccessor(of: old, for: Self.key(name))
            let mayBeLost = Set(ledger.acknowledged.events)
            try await ledger.waitForMore()
            return mayBeLost
        }
        // What the dead server had acknowledged and not passed on may be gone; see the test of `.replicated`.
        #expect(ledger.runs.allSatisfy { $0 <= 2 })
        #expect(!ledger.runs.isEmpty)
        let audit = try await RedisBackend.audit(.patient(group.url), only: [name])
        #expect(audit.violations.map(\.description) == [])
    }

    @Test("A primary that hangs is left as soon as a replica has taken its place, long before calls give up")
    func leavesAPrimaryThatHangs() async throws {
        let group = try ClusterGroup()
        defer { group.stop() }
        let backend = try await Self.connect(group.url, timeout: MachineLoad.stretched(.seconds(300)))
        defer { backend.close() }
        let name = try TaskName("hanging")
        _ = try await backend.publish([PublishRequest(payload: [1])], to: name)
        let old = try group.primary(of: Self.key(name))
        old.suspend()
        defer { old.resume() }
        // Nothing on the old connection ever answers, nor ends it.
        let published = try await backend.publish([PublishRequest(payload: [2])], to: name)
        #expect(published.map(\.disposition) == [.new])
        #expect(try group.waitForSuccessor(of: old, for: Self.key(name)) !== old)
    }

    @Test("What a replica has acknowledged survives the death of its primary")
    func keepsWhatIsReplicated() async throws {
        let group = try ClusterGroup()
        defer { group.stop() }
        let name = try TaskName("replicated")
        let backend = try await Self.connect(group.url)
        defer { backend.close() }
        let options = PublishOptions(durability: .replicated(to: 1, within: MachineLoad.stretched(.seconds(10))))
        for _ in 0..<20 {
            let published = try await backend.publish([PublishRequest(payload: [1], options: options)], to: name)
            #expect(published.map(\.durability) == [.replicated(to: 1)])
        }
        let old = try group.primary(of: Self.key(name))
        old.kill()
        _ = try group.waitForSuccessor(of: old, for: Self.key(name))
        // The new primary has no replica.
        let alone = PublishOptions(durability: .replicated(to: 1, within: .milliseconds(100)))
        let published = try await backend.publish([PublishRequest(payload: [1], options: alone)], to: name)
        #expect(published.map(\.durability) == [.notReplicated(to: 0)])
        #expect(try await backend.statistics(of: name).ready == 21)
    }

    @Test("Definitions live on all servers; they are found, and a whole cluster can be audited")
    func spreads() async throws {
        let group = try ClusterGroup(replicas: 0)
        defer { group.stop() }
        let backend = try await Self.connect(group.url)
        defer { backend.close() }
        let names = try (0..<30).map { try TaskName("spread-\($0)") }
        for name in names { _ = try await backend.publish([PublishRequest(payload: [1])], to: name) }
        #expect(try await backend.definitionNames() == names.sorted())
        for server in group.servers {
            #expect(try RedisProbe(port: server.port).command("DBSIZE").number ?? 0 > 0)
        }
        let audit = try await RedisBackend.audit(.patient(group.url))
        #expect(audit.definitionCount == 30)
        #expect(audit.taskCount == 30)
        #expect(audit.violations.map(\.description) == [])
    }

    @Test("A cluster is as safe as the least safe of its servers")
    func diagnoses() async throws {
        let group = try ClusterGroup(replicas: 0)
        defer { group.stop() }
        try RedisProbe(port: group.servers[1].port).command("CONFIG", "SET", "appendonly", "yes")
        let diagnosis = try await RedisBackend.diagnose(.patient(group.url))
        #expect(diagnosis.level == .volatile)
        #expect(!diagnosis.findings.contains { $0.severity == .refusal })
        let unsafe = diagnosis.findings.filter { $0.text.contains("no persistence") }.map { $0.text.prefix(14) }
        #expect(Set(unsafe) == Set([0, 2].map { "127.0.0.1:\(group.servers[$0].port)".prefix(14) }))
    }

    @Test("Any server that answers tells where the others are; if none does, connecting fails in time")
    func findsTheOthers() async throws {
        let group = try ClusterGroup.shared.get()
        let (dead, alive) = ("127.0.0.1:1", "127.0.0.1:\(group.servers[2].port)")
        let user = group.url.components(separatedBy: "://")[1].contains("@") ? "bellows:secret@" : ""
        let backend = try await Self.connect("redis-cluster://\(user)\(dead),\(alive)")
        defer { backend.close() }
        for number in 0..<10 {
            let published = try await backend.publish([PublishRequest(payload: [1])], to: TaskName("found-\(number)"))
            #expect(published.count == 1)
        }
        #expect(
            try await BackendBench.code { try await Self.connect("redis-cluster://\(dead)").close() } == .unavailable
        )
    }

    @Test("A slot that nobody keeps when we come is found when somebody does")
    func findsLateSlots() async throws {
        let group = try ClusterGroup(replicas: 0, arguments: ["--cluster-require-full-coverage", "no"])
        defer { group.stop() }
        let name = try TaskName("late")
        let probe = try RedisProbe(port: group.primary(of: Self.key(name)).port)
        let slot = "\(try probe.command("CLUSTER", "KEYSLOT", Self.key(name)).number ?? 0)"
        try probe.command("CLUSTER", "DELSLOTS", slot)
        let backend = try await Self.connect(group.url)
        defer { backend.close() }
        async let published = backend.publish([PublishRequest(payload: [1])], to: name)
        let other = try await backend.publish([PublishRequest(payload: [1])], to: TaskName("elsewhere"))
        #expect(other.count == 1)
        try probe.command("CLUSTER", "ADDSLOTS", slot)
        #expect(try await published.map(\.disposition) == [.new])
    }

    #if TLS
        @Test("A cluster is found and used over TLS alone", .needs(.tls))
        func encrypted() async throws {
            let authority = try CertificateAuthority()
            let group = try ClusterGroup(replicas: 0, authority: authority)
            defer { group.stop() }
            var configuration = try RedisConfiguration.patient(group.url)
            // The system's authorities do not know ours.
            #expect(try await BackendBench.code { try await RedisBackend.connect(configuration).close() } != nil)
            configuration.tls = RedisTLS(caFile: authority.certificate)
            let (publisher, worker) = (
                try await RedisBackend.connect(configuration), try await RedisBackend.connect(configuration)
            )
            let names = try (0..<10).map { try TaskName("encrypted-\($0)") }
            let handlers = names.map { name in TaskHandler(name: name) { payload, _ in payload + [1] } }
            let running = WorkerDispatcher(worker, handlers: handlers).launch()
            for name in names {
                let options = PublishOptions(resultRetention: .seconds(60), announcesResult: true)
                let request = PublishRequest(payload: [7], options: options)
                let task = try await publisher.publish([request], to: name)[0]
                #expect(
                    try await publisher.awaitResult(of: task.id, in: name, timeout: MachineLoad.stretched(.seconds(60)))
                        == [7, 1]
                )
            }
            running.cancel()
            publisher.close()
            worker.close()
        }
    #endif

    @Test("A server that is none of a cluster, and one that is, say what they are")
    func tellsDeployments() async throws {
        let single = try RedisServer.shared.get()
        #expect(
            try await BackendBench.code { try await Self.connect("redis-cluster://127.0.0.1:\(single.port)").close() }
                == .unsupportedServer
        )
        let group = try ClusterGroup.shared.get()
        #expect(
            try await BackendBench.code { try await Self.connect(group.servers[0].url).close() } == .unsupportedServer
        )
    }
}
