/// A point of monotonic time as a plain number.
///
/// `ContinuousClock.Instant` has no fixed layout for its users: each copy and each comparison is a call through a
/// witness table, which was a quarter of what the dispatcher costs. State machines that hold many instants use this.
struct MonotonicInstant: Hashable, Sendable, Comparable {
    /// Nanoseconds since ``origin``; negative before it.
    private let nanoseconds: Int64

    /// Any fixed point will do: only distances count.
    private static let origin = ContinuousClock.now

    private init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Translates an instant of the system's clock.
    init(_ instant: ContinuousClock.Instant) {
        nanoseconds = Self.clamped(Self.origin.duration(to: instant))
    }

    /// The same as an instant of the system's clock.
    var clockInstant: ContinuousClock.Instant { Self.origin.advanced(by: .nanoseconds(nanoseconds)) }

    static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Never overflows: what is more than 292 years away counts as that far.
    static func + (left: Self, right: Duration) -> Self {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(clamped(right))
        guard overflow else { return Self(nanoseconds: sum) }
        return Self(nanoseconds: right < .zero ? .min : .max)
    }

    static func - (left: Self, right: Self) -> Duration {
        let (difference, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        return .nanoseconds(overflow ? (left < right ? .min : .max) : difference)
    }

    private static func clamped(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, spills) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return spills ? (seconds < 0 ? .min : .max) : sum
    }
}
