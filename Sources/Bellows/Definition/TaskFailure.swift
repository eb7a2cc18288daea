/// Thrown by a worker that knows what should happen next. Any other error goes through the ``RetryPolicy``.
///
/// The attempt counts in either case: a task whose attempts are used up becomes a dead letter.
@nonexhaustive
public enum TaskFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Try again at once.
    case retryImmediately
    /// Try again when the availability says.
    case retry(Availability)
    /// Never try again: the task goes to the dead letters with this reason.
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
