/// What a subscriber listens for.
@nonexhaustive
public enum SignalTopic: Hashable, Sendable {
    /// Tasks of a definition that are or become due, and those that are to stop.
    case tasks(TaskName)
    /// The result of one task.
    case result(TaskID, of: TaskName)

    /// The definition that it is about.
    public var definition: TaskName {
        switch self {
        case .tasks(let name), .result(_, of: let name): name
        }
    }
}
