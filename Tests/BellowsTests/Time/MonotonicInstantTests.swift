import Testing

@testable import Bellows

@Suite("Monotonic instants")
struct MonotonicInstantTests {
    private let start = MonotonicInstant(ContinuousClock.now)

    @Test("Distances are those of the system's clock")
    func distances() {
        let now = ContinuousClock.now
        let later = MonotonicInstant(now + .milliseconds(1500))
        #expect(later - MonotonicInstant(now) == .milliseconds(1500))
        #expect(later == MonotonicInstant(now) + .milliseconds(1500))
        #expect(MonotonicInstant(now) < later)
        #expect(MonotonicInstant(later.clockInstant) == later)
        #expect(MonotonicInstant(now + .seconds(-10)) - MonotonicInstant(now) == .seconds(-10))
    }

    @Test("What is too far away to count is as far as possible, on its side", arguments: [1, -1])
    func overflow(sign: Int) {
        let once = start + .seconds(Int64(sign) * .max)
        #expect((once < start) == (sign < 0))
        let far = once + .seconds(Int64(sign) * .max)
        #expect(far + .seconds(sign * 10) == far)
        #expect((far - start < .zero) == (sign < 0))
    }
}
