#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A task that was given up.
public struct DeadLetter: Hashable, Sendable {
    /// The task.
    public var id: TaskID
    /// How often it was claimed.
    public var attempt: Int
    /// When it was given up, by the store's clock.
    public var date: Date
    /// Why.
    public var reason: String

    /// Makes a dead letter.
    public init(id: TaskID, attempt: Int, date: Date, reason: String) {
        self.id = id
        self.attempt = attempt
        self.date = date
        self.reason = reason
    }
}
