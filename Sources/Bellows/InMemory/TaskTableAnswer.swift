/// What a step of a ``TaskTable`` answers, and the signals that the shell sends once it has released its lock.
struct TaskTableAnswer<Value: Sendable>: Sendable {
    /// The answer to the caller.
    var value: Value
    /// Hints for subscribers.
    var signals: [BackendSignal] = []
}
