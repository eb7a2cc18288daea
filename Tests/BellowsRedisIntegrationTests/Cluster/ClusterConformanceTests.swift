import Bellows
import BellowsConformance
import BellowsRedis
import RedisFixture
import TestTurns
import Testing

/// The conformance list on a real cluster of three primaries, with two connected backends as two processes.
@Suite(.needs(.cluster), .turn) struct ClusterConformanceTests {
    private static let processes = Task {
        try await RedisConformanceTests.processes(.patient(ClusterGroup.shared.get().url))
    }

    @Test("On a real cluster", arguments: BackendConformance.checks)
    func conforms(check: ConformanceCheck) async throws {
        let group = try ClusterGroup.shared.get()
        let processes = try await Self.processes.value
        let environment = RedisConformanceTests.environment(processes) { record, id, name in
            let probe = try RedisProbe(port: group.primary(of: "{\(name)}").port)
            try RedisConformanceTests.plant(record, as: id, in: name, on: probe)
        }
        #expect(try await check.run(environment) == .passed)
    }
}
