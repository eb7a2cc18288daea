import Bellows
import BellowsConformance
import BellowsRedis
import RedisFixture
import Synchronization
import Testing

/// The conformance list on a real redis-server that all checks share, with two connected backends as two processes.
@Suite struct RedisConformanceTests {
    private static let processes = Task {
        let url = try RedisServer.shared.get().url
        return [try await RedisBackend.connect(url), try await RedisBackend.connect(url)]
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
        try await check.run(Self.environment(server, processes))
    }

    /// What a check is run on.
    static func environment(_ server: RedisServer, _ processes: [RedisBackend]) -> ConformanceEnvironment {
        environment(processes) { id, name in
            let probe = try RedisProbe(port: server.port)
            try probe.command("HSET", "bellows:1:{\(name)}:p", id.rawValue, "\u{7f}garbage")
            try probe.command("RPUSH", "bellows:1:{\(name)}:q", id.rawValue)
        }
    }

    /// What a check is run on, with a way to store a record that makes no sense.
    static func environment(
        _ processes: [RedisBackend],
        plantMalformed: @escaping @Sendable (TaskID, TaskName) throws -> Void
    ) -> ConformanceEnvironment {
        let turn = Turn()
        return ConformanceEnvironment(
            plantMalformed: plantMalformed,
            makeBackend: { processes[turn.next() % processes.count] }
        )
    }
}
