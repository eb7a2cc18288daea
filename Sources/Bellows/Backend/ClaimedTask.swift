/// A task that is ours until its lease ends.
public struct ClaimedTask: Hashable, Sendable {
    /// The right to work on it.
    public let lease: Lease
    /// Which attempt this is; the first is 1. Counted by the claim, so it counts crashes too.
    public let attempt: Int
    /// A number that is strictly greater for each later holder of the task; see ``TaskContext/fence``.
    public let fence: Int64
    /// Headers and payload. Empty for a singleton.
    public let record: TaskRecord
    /// Why the stored record cannot be read by any version; nil for a sound one. Such a task becomes a dead letter.
    public let malformed: String?
    /// What this version does not know of a record that a newer version wrote; nil for one that it knows. Such a task
    /// is given back, so that a worker of the newer version runs it.
    public let newer: String?

    /// The task's id.
    public var id: TaskID { lease.id }

    /// Makes a claimed task.
    ///
    /// - Parameters:
    ///   - lease: the right to work on it.
    ///   - attempt: which attempt this is.
    ///   - fence: a number that is strictly greater for each later holder of the task.
    ///   - record: headers and payload.
    ///   - malformed: why the stored record cannot be read by any version.
    ///   - newer: what this version does not know of a record that a newer version wrote.
    public init(
        lease: Lease,
        attempt: Int,
        fence: Int64 = 0,
        record: TaskRecord,
        malformed: String? = nil,
        newer: String? = nil
    ) {
        self.lease = lease
        self.attempt = attempt
        self.fence = fence
        self.record = record
        self.malformed = malformed
        self.newer = newer
    }

    /// Makes a claimed task whose stored record cannot be read.
    ///
    /// - Parameters:
    ///   - lease: the right to work on it.
    ///   - attempt: which attempt this is.
    ///   - fence: greater than that of each earlier holder.
    ///   - error: what ``RecordCoder/decode(_:)`` said.
    public init(lease: Lease, attempt: Int, fence: Int64, unreadable error: UnreadableRecordError) {
        let empty = TaskRecord(payload: [])
        switch error.cause {
        case .malformed:
            self.init(lease: lease, attempt: attempt, fence: fence, record: empty, malformed: error.description)
        case .newer:
            self.init(lease: lease, attempt: attempt, fence: fence, record: empty, newer: error.description)
        }
    }
}
