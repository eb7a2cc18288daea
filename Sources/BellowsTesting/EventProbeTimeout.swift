/// An ``EventProbe`` has waited for something that did not happen in time.
public struct EventProbeTimeout: Error, Sendable, CustomStringConvertible {
    /// What was waited for, as the caller put it.
    public let expectation: String
    /// The events that were recorded up to then.
    public let events: String

    /// What was waited for, and what happened instead.
    public var description: String { "waited for \(expectation) in vain; events so far: \(events)" }
}
