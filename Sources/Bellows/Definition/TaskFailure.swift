/// Thrown by a handler that knows what should happen next. Any other error goes through the ``RetryPolicy``.
///
/// The attempt counts in either case, and the last one makes a dead letter whatever was thrown.
@nonexhaustive
public enum TaskFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Try again at once, without the backoff.
    case retryImmediately
    /// Try again when the availability says, instead of after the backoff. A delay of more than ten years makes a dead
    /// letter.
    case retry(Availability)
    /// Never try again: the task becomes a dead letter with this reason, which is cut to ``TaskLimits/errorText``. A
    /// singleton runs again after ``Backoff/maximum``.
    case dead(reason: String)

    /// What was asked for, in one line.
    public var description: String {
        switch self {
        case .retryImmediately: "the worker asked to be run again at once"
        case .retry: "the worker asked to be run again later"
        case .dead(let reason): reason
        }
    }
}
