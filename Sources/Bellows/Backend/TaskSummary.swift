#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// One task of a list. Dates are by the store's clock, but for ``published``.
public struct TaskSummary: Hashable, Sendable {
    /// The task.
    public var id: TaskID
    /// Where it stands: in lists of one state that state.
    public var state: TaskState
    /// How often it was claimed since it was published, or since its last run ended well.
    public var attempt: Int
    /// When a delayed task becomes due; in the past for one that is due and was not taken yet. Nil in other states.
    public var due: Date?
    /// When the lease of a leased task ends; in the past for one that was not taken over yet. Nil in other states.
    public var leaseEnd: Date?
    /// When a dead task died. Nil in other states.
    public var died: Date?
    /// The process that has a leased task. Nil in other states.
    public var holder: ProcessID?
    /// The beginning, at most 256 bytes, of what the last failed attempt reported, or of why the task is dead.
    public var lastError: String?
    /// Bytes of the stored record: payload, headers, and what the publisher said about retries.
    public var recordSize: Int
    /// When the task was published, by the publisher's clock; nil for ids that callers gave, which do not tell.
    public var published: Date? { id.creationDate }

    /// Makes a summary.
    public init(
        id: TaskID,
        state: TaskState,
        attempt: Int,
        due: Date? = nil,
        leaseEnd: Date? = nil,
        died: Date? = nil,
        holder: ProcessID? = nil,
        lastError: String? = nil,
        recordSize: Int
    ) {
        self.id = id
        self.state = state
        self.attempt = attempt
        self.due = due
        self.leaseEnd = leaseEnd
        self.died = died
        self.holder = holder
        self.lastError = lastError
        self.recordSize = recordSize
    }
}
