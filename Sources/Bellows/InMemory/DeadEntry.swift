/// A task that was given up.
struct DeadEntry: Sendable {
    /// What it was published with, for a later retry.
    var record: TaskRecord
    /// Tells its publish from others of the same id.
    var run: RunID
    /// How often it was claimed.
    var attempt: Int
    /// Why it was given up.
    var reason: String
    /// Why its record cannot be read.
    var unreadable: UnreadableRecordError?
}
