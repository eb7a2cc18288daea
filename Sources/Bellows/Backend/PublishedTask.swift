/// The answer to one published task.
public struct PublishedTask: Hashable, Sendable {
    /// What became of a publish.
    public enum Disposition: Hashable, Sendable {
        /// The task is stored.
        case new
        /// A task with the caller's id exists already, be it waiting, running or dead; nothing was changed.
        case alreadyPublished
        /// A task with the caller's id finished within its deduplication window; nothing was changed.
        case alreadyFinished
    }

    /// The task's id: the caller's, or a new one.
    public let id: TaskID
    /// Whether the task was new.
    public let disposition: Disposition
    /// Tells this publish from others of the same id, so that a waiter never gets another run's result. Nil if
    /// the task was not new: then any result of that id answers.
    public let run: RunID?

    /// Makes an answer.
    ///
    /// - Parameters:
    ///   - id: the task's id.
    ///   - disposition: whether the task was new.
    ///   - run: tells this publish from others of the same id.
    public init(id: TaskID, disposition: Disposition, run: RunID?) {
        self.id = id
        self.disposition = disposition
        self.run = run
    }
}
