/// Lets one line pass in ten seconds, and counts what it held back.
package struct LogThrottle: Sendable {
    private static let interval: Duration = .seconds(10)
    private var last: ContinuousClock.Instant?
    private var heldBack = 0

    package init() {}

    /// How many lines were held back since the last one, if a line may be written now.
    package mutating func pass(now: ContinuousClock.Instant) -> Int? {
        if let last, now - last < Self.interval {
            heldBack += 1
            return nil
        }
        defer { heldBack = 0 }
        last = now
        return heldBack
    }
}
