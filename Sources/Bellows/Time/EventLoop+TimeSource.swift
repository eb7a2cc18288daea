package import BellowsRuntime

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// The real clock, with the timers of the event loop.
extension EventLoop: TimeSource {
    /// The wall clock.
    package var date: Date { Date() }

    /// Calls `action` on the event loop at `instant`.
    package func schedule(
        at instant: ContinuousClock.Instant,
        _ action: @escaping @Sendable () -> Void
    ) -> TimerToken {
        TimerToken(addTimer(at: instant, action))
    }

    /// Forgets a timer.
    package func cancel(_ token: TimerToken) {
        cancelTimer(token.rawValue)
    }
}
