import Testing

@testable import Bellows

@Suite struct BellowsErrorTests {
    private struct Cause: Error {}

    @Test(arguments: BellowsError.Code.Kind.allCases)
    func onlyWhatPassesByItselfIsRetryable(_ kind: BellowsError.Code.Kind) {
        let retryable: Set<BellowsError.Code.Kind> = [.unavailable, .outcomeUnknown, .storeFull, .notPrimary]
        let error = BellowsError(kind.code, "x")
        #expect(error.isRetryable == retryable.contains(kind))
        #expect((error.retryPause == .zero) == error.isRetryable)
        #expect(error.code.description == kind.rawValue)
    }

    @Test func theFirstVerbStays() {
        let error = BellowsError(.closed, "x")
        #expect(error.verb == nil)
        #expect(error.during(.claim).verb == .claim)
        #expect(error.during(.claim).during(.finish).verb == .claim)
    }

    @Test func equalityLeavesOutTheCause() {
        #expect(BellowsError(.closed, "x", underlying: Cause()) == BellowsError(.closed, "x"))
        #expect(BellowsError(.closed, "x") != BellowsError(.closed, "x", verb: .claim))
        #expect(BellowsError(.closed, "x") != BellowsError(.unavailable, "x"))
    }

    @Test func aPayloadThatCannotBeEncodedKeepsTheCodecsError() async throws {
        enum Unencodable: TaskDefinition {
            typealias Trigger = PublishTrigger<Double>
            static let name = "unencodable"
        }
        let error = try await #require(throws: BellowsError.self) {
            try await InMemoryBackend().publish(Unencodable.self, .infinity)
        }
        #expect(error.code == .invalidInput)
        #expect(error.underlying is EncodingError)
    }

    @Test func everyVerbOfABackendNamesItself() async throws {
        let backend = InMemoryBackend()
        let name = try TaskName("named")
        let publish = await #expect(throws: BellowsError.self) {
            try await backend.publish(Array(repeating: PublishRequest(payload: []), count: 101), to: name)
        }
        #expect(publish?.code == .tooLarge && publish?.verb == .publish)
        let claim = await #expect(throws: BellowsError.self) {
            try await backend.claim(ClaimRequest(name: name, selection: .singleton, lease: .zero))
        }
        #expect(claim?.code == .invalidInput && claim?.verb == .claim)
        let list = await #expect(throws: BellowsError.self) {
            try await backend.deadLetters(of: name, offset: 0, limit: 1001)
        }
        #expect(list?.code == .tooLarge && list?.verb == .inspect)
    }
}
