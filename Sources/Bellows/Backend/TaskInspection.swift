#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Where one task stands, for people. Dates are the store's clock.
public struct TaskInspection: Hashable, Sendable {
    /// The task.
    public var id: TaskID
    /// Where it stands.
    public var state: TaskState
    /// How often it was claimed.
    public var attempt: Int
    /// When a delayed task becomes due.
    public var due: Date?
    /// When the lease of a leased task ends.
    public var leaseEnd: Date?
    /// When a dead task died.
    public var died: Date?
    /// The process that has a leased task.
    public var holder: ProcessID?
    /// Why it was cancelled, or its holder was asked to stop; nil if it was not.
    public var cancellationReason: String?
    /// What the last failed attempt reported, or why the task is dead.
    public var lastError: String?
    /// The headers it was published with.
    public var headers: [String: String]
    /// Bytes of the payload; nil if the store has no record of the task any more.
    public var payloadSize: Int?
    /// The payload; nil unless it was asked for and the store has it.
    public var payload: [UInt8]?
    /// The whole record of a task that waits or runs; nil unless payloads were asked for and it can be read.
    public var record: TaskRecord?
    /// Tells whether ``record`` is still the stored one; see ``BackendManaging/update(_:in:to:from:)``.
    public var digest: RecordDigest?
    /// Bytes of the result that is kept; nil if there is none.
    public var resultSize: Int?
    /// When the task was published, by the publisher's clock; nil for ids that callers gave, which do not tell.
    public var published: Date? { id.creationDate }

    /// Makes an inspection.
    public init(
        id: TaskID,
        state: TaskState,
        attempt: Int,
        due: Date? = nil,
        leaseEnd: Date? = nil,
        died: Date? = nil,
        holder: ProcessID? = nil,
        cancellationReason: String? = nil,
        lastError: String? = nil,
        headers: [String: String] = [:],
        payloadSize: Int? = nil,
        payload: [UInt8]? = nil,
        resultSize: Int? = nil
    ) {
        self.id = id
        self.state = state
        self.attempt = attempt
        self.due = due
        self.leaseEnd = leaseEnd
        self.died = died
        self.holder = holder
        self.cancellationReason = cancellationReason
        self.lastError = lastError
        self.headers = headers
        self.payloadSize = payloadSize
        self.payload = payload
        self.resultSize = resultSize
    }
}
