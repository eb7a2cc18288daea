import Bellows
import BellowsConformance
import BellowsTesting
import TestTurns
import Testing

/// The conformance list on the in-memory backend.
@Suite(.turn) struct InMemoryConformanceTests {
    @Test("On a clock that is moved by hand", arguments: BackendConformance.checks)
    func conforms(check: ConformanceCheck) async throws {
        let time = ManualTimeSource()
        let backend = InMemoryBackend(timeSource: time)
        let environment = ConformanceEnvironment(
            manual: time,
            plantRecord: { record, id, name in backend.plant(record, as: id, in: name) },
            makeBackend: { backend }
        )
        #expect(try await check.run(environment) == .passed)
    }

    @Test(
        "Behind a decorator, with all capabilities",
        arguments: BackendConformance.checks.filter {
            ["inspection", "listing", "pause", "partitions"].contains($0.name.prefix { $0 != ":" })
        }
    )
    func conformsDecorated(check: ConformanceCheck) async throws {
        let time = ManualTimeSource()
        let backend = FlakyBackend(FlakyBackend(InMemoryBackend(timeSource: time)))
        #expect(try await check.run(ConformanceEnvironment(manual: time) { backend }) == .passed)
    }

    @Test("What concerns a capability that is not there is not applicable")
    func lacksCapabilities() async throws {
        let time = ManualTimeSource()
        let plain = MutantBackend(.forgetsHeaders, timeSource: time)
        for check in BackendConformance.checks where check.name.hasPrefix("inspection:") {
            let outcome = try await check.run(ConformanceEnvironment(manual: time) { plain })
            #expect(outcome == .notApplicable(reason: "the backend is no BackendInspecting"))
        }
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
        #expect(try await check.run(environment) == .passed)
    }
}
