/// How far a ``CancelSweep`` has come.
public struct CancelCount: Hashable, Sendable {
    /// Tasks that are cancelled.
    public var cancelled = 0
    /// Tasks that run, and were asked to stop.
    public var requested = 0
    /// Tasks that ended or moved on by themselves before they were reached.
    public var missed = 0

    /// Nothing yet.
    public init() {}

    mutating func add(_ outcome: CancelOutcome) {
        switch outcome {
        case .cancelled: cancelled += 1
        case .requested, .stillRunning: requested += 1
        case .finished, .dead, .unknown: missed += 1
        }
    }
}
