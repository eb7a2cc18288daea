/// Lets one line pass in an interval, and counts what it held back.
package struct LogThrottle: Sendable {
    private let interval: Duration
    private var last: ContinuousClock.Instant?
    private var heldBack = 0

    /// Lets the first line pass.
    ///
    /// - Parameter interval: how long it is until the next one may pass; 10 seconds by default.
    package init(interval: Duration = .seconds(10)) {
        self.interval = interval
    }

    /// How many lines were held back since the last one, if a line may be written now.
    package mutating func pass(now: ContinuousClock.Instant) -> Int? {
        if let last, now - last < interval {
            heldBack += 1
            return nil
        }
        defer { heldBack = 0 }
        last = now
        return heldBack
    }
}
