#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// From when on a task may run.
///
/// A delay crosses process borders, an instant of a process-local clock never does. The store's clock decides.
@nonexhaustive
public enum Availability: Hashable, Sendable {
    /// At once, in the order of publishing.
    case now
    /// After a time, counted by the store from the moment it takes the task. Zero and less mean now; it is rounded up
    /// to milliseconds, and at most ``maximumDelay``.
    case after(Duration)
    /// At a date. The sender turns it into a delay by its own clock, rounded up to milliseconds; a date in the past
    /// means now.
    case at(Date)

    /// The longest delay: ten years of 366 days.
    public static let maximumDelay = Duration.seconds(3660 * 86400)

    /// A date for an error; one beyond all calendars is told as a number. Not its description, which needs a locale that
    /// not every system has.
    private static func text(_ due: Date, _ seconds: Double) -> String {
        let lastYear = Date(timeIntervalSince1970: 250_000_000_000)
        return due < lastYear ? "until \(due.ISO8601Format())" : "of \(seconds) seconds"
    }

    /// Checks a time for which something is kept: not negative, and at most ``maximumDelay``.
    ///
    /// - Throws: ``BellowsError/Code/invalidInput``.
    public static func validate(window: Duration) throws(BellowsError) {
        guard window >= .zero, window <= maximumDelay else { throw .delay("\(window)") }
    }

    /// The delay in whole milliseconds, rounded up, never negative.
    ///
    /// - Parameter date: the sender's wall clock, which only ``at(_:)`` needs.
    /// - Throws: ``BellowsError`` with the code `invalidInput` for a date that is not a number, infinite or more than ten
    ///   years away.
    public func milliseconds(from date: Date) throws(BellowsError) -> Int64 {
        switch self {
        case .now:
            return 0
        case .after(let duration):
            guard duration <= Self.maximumDelay else { throw .delay("\(duration)") }
            return duration <= .zero ? 0 : duration.millisecondsRoundedUp
        case .at(let due):
            let seconds = due.timeIntervalSince(date)
            guard seconds.isFinite else { throw .delay("\(seconds)") }
            guard seconds <= Double(Self.maximumDelay.components.seconds) else { throw .delay(Self.text(due, seconds)) }
            return seconds <= 0 ? 0 : Int64((seconds * 1000).rounded(.up))
        }
    }
}
