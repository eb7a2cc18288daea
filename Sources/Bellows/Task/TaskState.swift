/// Where a task stands.
@nonexhaustive
public enum TaskState: String, Hashable, Sendable, CaseIterable {
    /// Waits for a worker.
    case ready
    /// Waits for its time: published with a delay, or to be tried again.
    case delayed
    /// A worker has it, until its lease ends.
    case leased
    /// Done. Known for as long as its result or its deduplication window lasts.
    case finished
    /// Taken back before it was done. Known for a minute.
    case cancelled
    /// Given up, kept in the dead letters with a reason.
    case dead
}

extension TaskState {
    /// The states of which there are lists. The store does not keep tasks that have ended well.
    public static let listed: [TaskState] = [.ready, .delayed, .leased, .dead]
}
