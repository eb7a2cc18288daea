/// The answer to a ``ResultQuery``.
@nonexhaustive
public enum ResultLookup: Hashable, Sendable {
    /// The task finished with these bytes.
    case finished([UInt8])
    /// The task is in the dead letters, for this reason.
    case dead(reason: String)
    /// The task was cancelled, for this reason.
    case cancelled(reason: String)
    /// The task waits or runs. Its result will be kept and announced to this process.
    case pending
    /// The task finished, but its result was not kept or has expired.
    case expired
    /// The store knows no such task: it never existed, or the store lost it, or another run took its id.
    case unknown
}
