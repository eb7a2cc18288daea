/// Exponential backoff with full jitter: a random wait between zero and a bound that grows with each attempt.
///
/// Full jitter spreads a storm of retries over the whole wait instead of bringing it back in one second. With the
/// defaults the bounds are 1 s, 2 s, 4 s and so on up to 5 minutes, and the mean wait is half of each.
public struct Backoff: Hashable, Sendable {
    /// The bound after the first attempt; 1 second by default. With zero, tasks are tried again at once.
    public var base: Duration
    /// What the bound is multiplied by after each further attempt; 2 by default. With 1 the bound stays the same;
    /// anything less, and what is not a finite number, counts as 1.
    public var factor: Double
    /// The largest bound; 5 minutes by default, at most ``Availability/maximumDelay``, which publishing and running
    /// check. It is also the pause of a singleton whose run asked never to be tried again.
    public var maximum: Duration

    /// Makes a backoff.
    ///
    /// - Parameters:
    ///   - base: the bound after the first attempt.
    ///   - factor: the growth of the bound with each attempt.
    ///   - maximum: the largest bound.
    public init(base: Duration = .seconds(1), factor: Double = 2, maximum: Duration = .seconds(300)) {
        self.base = base
        self.factor = factor
        self.maximum = maximum
    }

    /// The largest factor; times are kept in whole milliseconds, so more makes no difference.
    static let maximumFactor = 1e9

    /// Checks that the backoff can be carried out and stored as it is.
    func validate() throws(BellowsError) {
        let waits = Duration.zero...Availability.maximumDelay
        guard waits.contains(base), waits.contains(maximum) else { throw .backoff("waits of \(base) to \(maximum)") }
        guard factor >= 1, factor <= Self.maximumFactor else { throw .backoff("a factor of \(factor)") }
    }

    /// The largest wait after an attempt. A backoff that cannot be carried out, from a record of another writer, counts as
    /// the nearest one that can.
    ///
    /// - Parameter attempt: the attempt that failed; the first is 1.
    public func bound(attempt: Int) -> Duration {
        let growth = factor.isFinite ? max(1, factor) : 1
        let exponent = Double(min(max(1, attempt), 1_000_000) - 1)
        let seconds = max(0, base.inSeconds) * pow(growth, exponent)
        let limit = max(0, maximum.inSeconds)
        return seconds.isFinite && seconds < limit ? .seconds(seconds) : .seconds(limit)
    }

    /// The wait after an attempt.
    ///
    /// - Parameters:
    ///   - attempt: the attempt that failed; the first is 1.
    ///   - random: the source of the jitter.
    public func delay(attempt: Int, using random: inout some RandomNumberGenerator) -> Duration {
        bound(attempt: attempt) * Double.random(in: 0...1, using: &random)
    }

    private func pow(_ base: Double, _ exponent: Double) -> Double {
        // Enough squarings to pass any bound; avoids importing a math library into the core.
        var result = 1.0
        var power = base
        var rest = UInt64(exponent)
        while rest > 0, result.isFinite {
            if rest & 1 == 1 { result *= power }
            power *= power
            rest >>= 1
        }
        return result
    }
}
