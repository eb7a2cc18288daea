/// What a subscriber listens for.
public enum SignalTopic: Hashable, Sendable {
    /// Tasks of a definition that are or become due.
    case tasks(TaskName)
    /// The result of one task.
    case result(TaskID, of: TaskName)
}
