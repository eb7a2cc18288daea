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
    /// What the last failed attempt reported, or why the task is dead.
    public var lastError: String?
    /// The headers it was published with.
    public var headers: [String: String]
    /// Bytes of the payload; the payload itself is not shown.
    public var payloadSize: Int?

    /// Makes an inspection.
    public init(
        id: TaskID,
        state: TaskState,
        attempt: Int,
        due: Date? = nil,
        leaseEnd: Date? = nil,
        lastError: String? = nil,
        headers: [String: String] = [:],
        payloadSize: Int? = nil
    ) {
        self.id = id
        self.state = state
        self.attempt = attempt
        self.due = due
        self.leaseEnd = leaseEnd
        self.lastError = lastError
        self.headers = headers
        self.payloadSize = payloadSize
    }
}
