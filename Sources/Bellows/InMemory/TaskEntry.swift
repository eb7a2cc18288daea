/// One task that waits or runs. Where it stands is found by its id in the queues of the ``TaskTable``.
struct TaskEntry: Sendable {
    /// Somebody wants the result.
    struct Want: Sendable {
        /// How long the result is to be kept.
        var retention: Duration
    }

    /// Headers, payload, and what the publisher said about retries.
    var record: TaskRecord
    /// Tells this publish of the id from others.
    var run: RunID
    /// How often the task was claimed since it was published, or since its last run ended well.
    var attempt = 0
    /// The current claim; nil if the task is not leased.
    var token: LeaseToken?
    /// Why the current attempt is to stop; nil if it is not. It is the last one then.
    var stopReason: String?
    /// What the last failed attempt reported.
    var error: String?
    /// Set when somebody wants the result.
    var want: Want?
    /// Why the record cannot be read; only tests plant such records here.
    var unreadable: UnreadableRecordError?
}
