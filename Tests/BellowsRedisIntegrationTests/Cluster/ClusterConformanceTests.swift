import Bellows
import BellowsConformance
import BellowsRedis
import RedisFixture
import Testing

/// The conformance list on a real cluster of three primaries, with two connected backends as two processes.
@Suite(.needs(.cluster)) struct ClusterConformanceTests {
    private static let group = Result<ClusterGroup, any Error> { try ClusterGroup(replicas: 0) }
    private static let processes = Task {
        let group = try Self.group.get()
        let url = group.url
        return [try await RedisBackend.connect(url), try await RedisBackend.connect(url)]
    }

    @Test("On a real cluster", arguments: BackendConformance.checks)
    func conforms(check: ConformanceCheck) async throws {
        let group = try Self.group.get()
        let processes = try await Self.processes.value
        let environment = RedisConformanceTests.environment(processes) { record, id, name in
            let probe = try RedisProbe(port: group.primary(of: "{\(name)}").port)
            try RedisConformanceTests.plant(record, as: id, in: name, on: probe)
        }
        #expect(try await check.run(environment) == .passed)
    }
}
