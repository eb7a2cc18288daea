import Bellows
import BellowsConformance
import BellowsTesting
import Testing

/// The conformance list on the in-memory backend.
@Suite struct InMemoryConformanceTests {
    @Test("On a clock that is moved by hand", arguments: BackendConformance.checks)
    func conforms(check: ConformanceCheck) async throws {
        let time = ManualTimeSource()
        let backend = InMemoryBackend(timeSource: time)
        let environment = ConformanceEnvironment(
            manual: time,
            plantRecord: { record, id, name in backend.plant(record, as: id, in: name) },
            makeBackend: { backend }
        )
        try await check.run(environment)
    }

    /// One store for all checks at once, as with a real server.
    private static let shared = InMemoryBackend()

    @Test("On real time and a shared store", arguments: BackendConformance.checks)
    func conformsOnRealTime(check: ConformanceCheck) async throws {
        let environment = ConformanceEnvironment(
            unit: .milliseconds(250),
            plantRecord: { record, id, name in Self.shared.plant(record, as: id, in: name) },
            makeBackend: { Self.shared }
        )
        try await check.run(environment)
    }
}
