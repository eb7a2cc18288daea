/// The answer to one published task.
public struct PublishedTask: Hashable, Sendable {
    /// What became of a publish.
    @nonexhaustive
    public enum Disposition: Hashable, Sendable {
        /// The task is stored.
        case new
        /// A task with the caller's id waits or runs already; nothing was changed.
        case alreadyPublished
        /// A task with the caller's id is a dead letter; nothing was changed, and nothing will run until somebody
        /// retries or deletes the dead letter.
        case alreadyDead
        /// A task with the caller's id finished within its deduplication window; nothing was changed.
        case alreadyFinished
    }

    /// How safe it is, as far as that was asked for.
    @nonexhaustive
    public enum Durability: Hashable, Sendable {
        /// The store has acknowledged it; nobody asked for more.
        case acknowledged
        /// This many replicas have it, as many as were asked for or more.
        case replicated(to: Int)
        /// It is stored, and will run; but in the time given only so many replicas were known to have it.
        case notReplicated(to: Int)
    }

    /// The task's id: the caller's, or a new one.
    public let id: TaskID
    /// Whether the task was new.
    public let disposition: Disposition
    /// Tells this publish from others of the same id, so that a waiter never gets another run's result. Nil if
    /// the task was not new: then any result of that id answers.
    public let run: RunID?
    /// How safe the task is, as far as that was asked for.
    public let durability: Durability

    /// Makes an answer.
    ///
    /// - Parameters:
    ///   - id: the task's id.
    ///   - disposition: whether the task was new.
    ///   - run: tells this publish from others of the same id.
    ///   - durability: how safe the task is.
    public init(id: TaskID, disposition: Disposition, run: RunID?, durability: Durability = .acknowledged) {
        self.id = id
        self.disposition = disposition
        self.run = run
        self.durability = durability
    }
}
