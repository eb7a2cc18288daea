import Testing

@testable import BellowsRedis

@Suite struct SingletonFactsTests {
    private static let token = "2:0123456789abcdef-7"

    private func kinds(_ fields: [String: String]) -> [StoreViolation.Kind] {
        SingletonFacts(fields: fields).problems(now: 1000, longestLease: 500).map(\.kind)
    }

    @Test func soundStates() {
        #expect(kinds(["token": Self.token, "attempt": "2", "end": "1500"]) == [])
        #expect(kinds(["token": "", "attempt": "0", "end": "900", "due": "5000", "error": "no"]) == [])
        #expect(kinds(["token": ""]) == [])
    }

    @Test func unsoundStates() {
        #expect(kinds([:]) == [.malformed])
        #expect(kinds(["token": "x"]) == [.malformed])
        #expect(kinds(["token": "2:"]) == [.malformed], "a free singleton has an empty token")
        #expect(kinds(["token": Self.token, "attempt": "3", "end": "1"]) == [.malformed])
        #expect(kinds(["token": Self.token, "attempt": "2"]) == [.leaseWithoutToken])
        #expect(kinds(["token": Self.token, "attempt": "2", "end": "2501"]) == [.tooFar])
        #expect(kinds(["token": "", "due": "soon"]) == [.malformed])
        #expect(kinds(["token": "", "color": "red"]) == [.malformed])
    }
}
