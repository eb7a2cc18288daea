/// What cancelling one task has come to.
@nonexhaustive
public enum CancelOutcome: Hashable, Sendable {
    /// It is cancelled: it will not run again, and whoever awaits its result is told the reason.
    case cancelled
    /// It runs, and its holder was asked to stop: at once, or, where that is false, with the next renewal of the lease. It
    /// ends as cancelled if its handler throws, and as finished if that returns; it is not tried again.
    case requested(isHolderTold: Bool)
    /// It was asked to stop, and runs still when the time to wait for it is over.
    case stillRunning
    /// It has finished. Nothing was changed, or it was faster than the cancellation.
    case finished
    /// It is a dead letter. Nothing was changed.
    case dead
    /// The store knows no such task.
    case unknown
}
