/// That somebody has cancelled a task which runs, for the process that runs it.
public struct CancellationNotice: Hashable, Sendable {
    /// The definition.
    public var name: TaskName
    /// The task.
    public var id: TaskID
    /// The attempt that is to stop; it concerns no other one.
    public var token: LeaseToken
    /// Who has cancelled it, and why; empty if nobody said.
    public var reason: String

    /// Makes a notice; for backends.
    public init(name: TaskName, id: TaskID, token: LeaseToken, reason: String) {
        self.name = name
        self.id = id
        self.token = token
        self.reason = reason
    }
}
