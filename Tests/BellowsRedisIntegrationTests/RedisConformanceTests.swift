import Bellows
import BellowsConformance
import BellowsRedis
import BellowsTesting
import RedisFixture
import Synchronization
import TestTurns
import Testing

/// The conformance list on a real redis-server that all checks share, with two connected backends as two processes.
@Suite(.turn) struct RedisConformanceTests {
    private static let processes = Task {
        try await processes(.patient(RedisServer.shared.get().url))
    }

    /// Two connected backends, as two processes.
    static func processes(_ configuration: RedisConfiguration) async throws -> [RedisBackend] {
        [try await RedisBackend.connect(configuration), try await RedisBackend.connect(configuration)]
    }

    /// Counts a check's backends, so that its first two are two processes.
    private final class Turn: Sendable {
        private let count = Atomic(-1)
        func next() -> Int { count.add(1, ordering: .relaxed).newValue }
    }

    @Test("On a real Redis", arguments: BackendConformance.checks)
    func conforms(check: ConformanceCheck) async throws {
        let server = try RedisServer.shared.get()
        let processes = try await Self.processes.value
        #expect(try await check.run(Self.environment(server, processes)) == .passed)
    }

    /// What a check is run on.
    static func environment(_ server: RedisServer, _ processes: [RedisBackend]) -> ConformanceEnvironment {
        environment(processes) { record, id, name in
            try plant(record, as: id, in: name, on: try RedisProbe(port: server.port))
        }
    }

    /// Stores a due task with a record that another version or another program may have written.
    static func plant(_ record: [UInt8], as id: TaskID, in name: TaskName, on probe: RedisProbe) throws {
        try probe.command(["HSET", "bellows:2:{\(name)}:records", id.rawValue].map { Array($0.utf8) } + [record])
        try probe.command("RPUSH", "bellows:2:{\(name)}:line", id.rawValue)
    }

    /// What a check is run on, with a way to store any record.
    static func environment(
        _ processes: [RedisBackend],
        plantRecord: @escaping @Sendable (_ record: [UInt8], TaskID, TaskName) throws -> Void
    ) -> ConformanceEnvironment {
        let turn = Turn()
        return ConformanceEnvironment(
            // Leases that have to end take this long, and claims give up after a third of it or a second, what is longer.
            unit: min(MachineLoad.stretched(.seconds(1)), .seconds(3)),
            plantRecord: plantRecord,
            makeBackend: { processes[turn.next() % processes.count] }
        )
    }
}
