#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Monotonic time, the wall clock, and timers that do not depend on Swift's cooperative pool.
///
/// Handlers that block their thread stall the pool's own timers for seconds, and a lease must not be lost for that.
public protocol TimeSource: Sendable {
    /// The monotonic clock. It counts time during which the host is suspended.
    var now: ContinuousClock.Instant { get }
    /// The wall clock, used only to turn dates that users give into delays.
    var date: Date { get }

    /// Calls `action` once, at `instant` or soon after.
    ///
    /// - Parameters:
    ///   - instant: when; an instant in the past means as soon as possible.
    ///   - action: short and non-blocking. It is called on a thread of the time source's own.
    /// - Returns: what ``cancel(_:)`` takes.
    func schedule(at instant: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) -> TimerToken

    /// Forgets a timer. One that is already being called is not stopped.
    ///
    /// - Parameter token: the timer.
    func cancel(_ token: TimerToken)
}

/// Names one timer of a ``TimeSource``.
public struct TimerToken: Hashable, Sendable {
    /// The time source's own number.
    public let rawValue: UInt64

    /// Wraps a time source's number.
    ///
    /// - Parameter rawValue: a number that no other timer of this source has.
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
