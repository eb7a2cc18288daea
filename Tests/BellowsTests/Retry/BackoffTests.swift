import Testing

@testable import Bellows

@Suite struct BackoffTests {
    @Test func boundsGrowUpToTheMaximum() {
        let backoff = Backoff(base: .seconds(1), factor: 2, maximum: .seconds(10))
        #expect((1...6).map { backoff.bound(attempt: $0) } == [1, 2, 4, 8, 10, 10].map { .seconds($0) })
        #expect(backoff.bound(attempt: .max) == .seconds(10))
        #expect(backoff.bound(attempt: 0) == .seconds(1))
        #expect(backoff.bound(attempt: .min) == .seconds(1))
    }

    @Test func absurdSettingsStayWithinTheMaximum() {
        for factor in [Double.nan, .infinity, -3, 0, 0.5] {
            let backoff = Backoff(base: .seconds(1), factor: factor, maximum: .seconds(5))
            #expect(backoff.bound(attempt: 50) == .seconds(1), "a factor of \(factor) counts as 1")
        }
        #expect(Backoff(base: .seconds(-1)).bound(attempt: 9) == .zero)
        #expect(Backoff(maximum: .seconds(-1)).bound(attempt: 9) == .zero)
        #expect(Backoff(base: .seconds(Int64.max), maximum: .seconds(3)).bound(attempt: 1) == .seconds(3))
    }

    @Test func jitterFillsTheWholeWait() {
        let backoff = Backoff(base: .seconds(8), maximum: .seconds(8))
        var random = SplitMix(state: 42)
        let delays = (0..<2000).map { _ in backoff.delay(attempt: 1, using: &random) }
        #expect(delays.allSatisfy { $0 >= .zero && $0 <= .seconds(8) })
        #expect(delays.count { $0 < .seconds(1) } > 150)
        #expect(delays.count { $0 > .seconds(7) } > 150)
    }

    @Test func policiesAreChecked() throws {
        try RetryPolicy(maximumAttempts: 1).validate()
        try RetryPolicy(maximumAttempts: 1_000_000).validate()
        #expect(throws: BellowsError.maximumAttempts(-1)) { try RetryPolicy(maximumAttempts: -1).validate() }
        let refused = [
            Backoff(base: .seconds(-1)), Backoff(maximum: .milliseconds(-1)), Backoff(maximum: .seconds(Int64.max)),
            Backoff(factor: 0.5), Backoff(factor: .nan), Backoff(factor: .infinity), Backoff(factor: 2e9),
        ]
        for backoff in refused {
            let error = #expect(throws: BellowsError.self) { try RetryPolicy(backoff: backoff).validate() }
            #expect(error?.code == .invalidInput)
        }
        try RetryPolicy(backoff: Backoff(base: .zero, factor: 1, maximum: .zero)).validate()
    }
}

/// A reproducible source of randomness.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
