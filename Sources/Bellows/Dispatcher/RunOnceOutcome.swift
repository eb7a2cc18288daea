/// What ``Backend/runTaskOnce(_:id:lease:logger:)`` did, and what its caller should do next.
@nonexhaustive
public enum RunOnceOutcome: Hashable, Sendable {
    /// The task is over: it finished, or died, or nothing with that id waits any more. Do not call again for it.
    case done
    /// Call again after this time: somebody else has the task, or it is not due, or it is to be retried then.
    case retry(after: Duration)
    /// Call again at once or when a signal comes: the lease was lost, or nothing is known to be waiting.
    case retrySoon
}
