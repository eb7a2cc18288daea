/// A task that is ours until its lease ends.
public struct ClaimedTask: Hashable, Sendable {
    /// The right to work on it.
    public let lease: Lease
    /// Which attempt this is; the first is 1. Counted by the claim, so it counts crashes too.
    public let attempt: Int
    /// Headers and payload. Empty for a singleton.
    public let record: TaskRecord
    /// Why the stored record cannot be read; nil for a sound one. Such a task goes to the dead requests.
    public let malformed: String?

    /// The task's id.
    public var id: TaskID { lease.id }

    /// Makes a claimed task.
    ///
    /// - Parameters:
    ///   - lease: the right to work on it.
    ///   - attempt: which attempt this is.
    ///   - record: headers and payload.
    ///   - malformed: why the stored record cannot be read.
    public init(lease: Lease, attempt: Int, record: TaskRecord, malformed: String? = nil) {
        self.lease = lease
        self.attempt = attempt
        self.record = record
        self.malformed = malformed
    }
}
