/// Why a wait for a result ended without one.
@nonexhaustive
public enum TaskAwaitError: Error, Sendable, CustomStringConvertible {
    /// The time-out came first. The task keeps waiting or running, and its result can still be awaited.
    case timedOut
    /// The waiting task was cancelled. The awaited one keeps running.
    case cancelled
    /// The task is in the dead letters, for this reason.
    case dead(reason: String)
    /// The awaited task was cancelled, for this reason.
    case taskCancelled(reason: String)
    /// The task finished, but its result was not kept or has expired.
    case expired
    /// The store knows no such task: it never existed, the store lost it, or another publish took its id.
    case unknown
    /// The result's bytes cannot be decoded as the definition's callback.
    case undecodable(String)
    /// The backend failed in a way that waiting cannot cure, such as a missing permission. What passes by itself, such as
    /// a store that is away, does not end a wait.
    case backend(BellowsError)

    /// What happened, in one line.
    public var description: String {
        switch self {
        case .timedOut: "no result within the time allowed"
        case .cancelled: "the wait was cancelled"
        case .dead(let reason): reason.isEmpty ? "the task died" : "the task died: \(reason)"
        case .taskCancelled(let reason): reason.isEmpty ? "the task was cancelled" : "the task was cancelled: \(reason)"
        case .expired: "the task finished, but its result was not kept or has expired"
        case .unknown: "no such task is known"
        case .undecodable(let reason): "the result cannot be decoded: \(reason)"
        case .backend(let error): error.message
        }
    }
}
