import Bellows
import BellowsRedis
import RedisFixture
import TestTurns
import Testing

/// The audit against a real server: silent about everything that the library does, and about nothing else.
/// One at a time on one server, because an audit looks at everything that is there.
@Suite(.serialized, .turn) struct RedisAuditTests {
    private static let server = Result { try RedisServer.start() }

    private enum Job: TaskDefinition {
        static let name = "audit.job"
        typealias Trigger = PublishTrigger<Int>
        typealias Callback = Int
        static let options = TaskOptions(
            retry: RetryPolicy(maximumAttempts: 2, backoff: Backoff(base: .milliseconds(1)))
        )
    }

    private enum Tick: TaskDefinition {
        static let name = "audit.tick"
        typealias Trigger = SingletonTrigger
    }

    private struct Failure: Error {}

    private func emptyServer() throws -> RedisServer {
        let server = try Self.server.get()
        try RedisProbe(port: server.port).command("FLUSHALL")
        return server
    }

    private func audit(_ server: RedisServer, only names: [TaskName] = []) async throws -> StoreAudit {
        try await RedisBackend.audit(.patient(server.url), only: names)
    }

    @Test("Every kind of task, at rest and at work, breaks no rule")
    func mixedTasks() async throws {
        let server = try emptyServer()
        let backend = try await RedisBackend.connect(.patient(server.url))
        defer { backend.close() }
        let dispatcher = WorkerDispatcher(
            backend,
            handlers: .on(Job.self) { number, _ in
                if number % 5 == 0 { throw Failure() }
                if number % 7 == 0 { await Task.yield() }
                return number
            },
            .on(Tick.self) { _ in }
        )
        let running = dispatcher.launch()
        for round in 0..<5 {
            for number in 0..<200 {
                var options = PublishOptions()
                if number % 3 == 0 { options.availability = .after(.milliseconds(number)) }
                if number % 4 == 0 { options.id = try TaskID("task-\(number)") }
                if number % 2 == 0 { options.resultRetention = .seconds(60) }
                try await backend.publish(Job.self, number, options: options)
            }
            if round.isMultiple(of: 2) {
                let found = try await audit(server)
                #expect(found.violations == [])
            }
        }
        try await running.drain()
        try await backend.publish(Job.self, 1)
        try await backend.publish(Job.self, 1, options: PublishOptions(availability: .after(.seconds(60))))
        let found = try await audit(server)
        #expect(found.isClean)
        #expect(found.violations == [])
        #expect(found.definitionCount == 2)
        #expect(found.singletonCount == 1)
        let counts = try await backend.statistics(of: try TaskName(Job.name))
        #expect(counts.dead > 0)
        #expect(found.taskCount == counts.ready + counts.delayed + counts.leased + counts.dead)
    }

    /// A change of the data, and what the audit must say of it.
    struct Damage: Sendable, CustomTestStringConvertible {
        let kind: StoreViolation.Kind
        let isAboutTask: Bool
        /// `B` stands for the base key, `ID` for a task.
        let command: [String]

        init(_ kind: StoreViolation.Kind, aboutTask: Bool = true, _ command: String...) {
            (self.kind, isAboutTask, self.command) = (kind, aboutTask, command)
        }

        var testDescription: String { command.joined(separator: " ") }
    }

    @Test(
        "Damage of each kind is found",
        arguments: [
            Damage(.unreachable, "DEL", "B:line"),
            Damage(.twoStates, "SET", "B:t ID", "1", "PX", "60000"),
            Damage(.recordMissing, "HDEL", "B:records", "LEASED"),
            Damage(.leaseWithoutToken, "HDEL", "B:tokens", "LEASED"),
            Damage(.tokenWithoutLease, "ZREM", "B:leases", "LEASED"),
            Damage(.twoStates, "ZADD", "B:delayed", "1", "LEASED"),
            Damage(.leftover, "HSET", "B:errors", "nobody", "an error"),
            Damage(.leftover, "HSET", "B:dead-records", "nobody", "a record"),
            Damage(.recordMissing, "ZADD", "B:dead", "1", "nobody"),
            Damage(.malformed, "HSET", "B:wants", "ID", "garbage"),
            Damage(.tooFar, "ZADD", "B:leases", "XX", "99999999999999", "LEASED"),
            Damage(.expiry, aboutTask: false, "PERSIST", "B:replay PROCESS"),
            Damage(.expiry, aboutTask: false, "PEXPIRE", "B:records", "600000"),
            Damage(.wrongType, aboutTask: false, "SET", "B:dead", "a string"),
            Damage(.unknownKey, aboutTask: false, "SET", "B:y", "1"),
            Damage(.unknownKey, aboutTask: false, "SET", "bellows:2:other", "1"),
            Damage(.malformed, "HSET", "B:singleton", "color", "red"),
        ]
    )
    func damage(_ damage: Damage) async throws {
        let server = try emptyServer()
        let bench = try await BackendBench("damage", server: server)
        defer { bench.backend.close() }
        try await bench.publish()
        let leased = try await bench.claim()[0]
        let ready = try await bench.publish().id
        #expect(try await audit(server).violations == [])
        let keys = try bench.probe.command("KEYS", bench.key("replay *"))
        guard case .array(let names) = keys, let answers = names.first?.text else {
            Issue.record("no answers are kept")
            return
        }
        let command = damage.command.map { part in
            part.replacing("B:replay PROCESS", with: answers).replacing("B:", with: bench.key(""))
                .replacing("LEASED", with: leased.id.rawValue).replacing("ID", with: ready.rawValue)
        }
        try bench.probe.command(command.map { Array($0.utf8) })
        let found = try await audit(server)
        #expect(Set(found.violations.map(\.kind)).contains(damage.kind))
        #expect(found.violations.contains { $0.kind == damage.kind && ($0.id != nil) == damage.isAboutTask })
        #expect(!found.isClean)
        // What belongs to another definition is not looked at.
        #expect(try await audit(server, only: [try TaskName("another")]).isClean)
    }

    @Test("All violations are counted, and so many told as asked for")
    func limit() async throws {
        let server = try emptyServer()
        let probe = try RedisProbe(port: server.port)
        for number in 0..<250 { try probe.command("HSET", "bellows:2:{a}:records", "id-\(number)", "x") }
        let found = try await RedisBackend.audit(.patient(server.url), limit: 3)
        #expect(found.violations.map(\.kind) == [.unreachable, .unreachable, .unreachable])
        #expect(found.violationCount == 250)
        #expect(try probe.command("EXISTS", "bellows:layout") == .integer(0), "an audit writes nothing")
    }
}
