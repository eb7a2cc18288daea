/// Why a handler was cancelled.
@nonexhaustive
public enum CancellationCause: Hashable, Sendable, CustomStringConvertible {
    /// The lease is over or was taken over: another worker may have the task, and what this one does is not asked for.
    case leaseLost
    /// The dispatcher stops. The task is given back unless the handler returns; the attempt does not count.
    case shutdown
    /// Somebody has cancelled the task, for this reason; it is empty if nobody said. If the handler throws, whatever it
    /// throws, the task ends as cancelled; if it returns, the task has finished.
    case requested(reason: String)

    /// The cause, in a few words.
    public var description: String {
        switch self {
        case .leaseLost: "its lease is lost"
        case .shutdown: "the dispatcher stops"
        case .requested(let reason):
            reason.isEmpty ? "its task was cancelled" : "its task was cancelled: \(ErrorText.sanitize(reason))"
        }
    }
}
