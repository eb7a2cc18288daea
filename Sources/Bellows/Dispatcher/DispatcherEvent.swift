/// What happens to a dispatcher, as plain values.
enum DispatcherEvent: Sendable {
    /// The subscription holds signals, which the shell takes out at the beginning of the next turn.
    case signalsWaiting
    /// A hint from the backend.
    case signal(BackendSignal)
    /// A claim was answered; nil if it failed, and is not tried again before the pause is over.
    case claimReturned(
        definition: Int,
        requested: Int,
        sentAt: MonotonicInstant,
        ClaimOutcome?,
        pause: Duration = .zero
    )
    /// A handler returned or threw.
    case workerEnded(SlotID, AttemptReport)
    /// Renewals were answered, in the order of the slots; nil if the call failed.
    case renewalsReturned([SlotID], sentAt: MonotonicInstant, [LeaseOutcome]?)
    /// Reports were answered, in the order of the slots.
    case reportsReturned([SlotID], ReportAnswer)
    /// Swift's pool of threads has given no sign of life for a lease, or gives one again.
    case poolChanged(PoolPulse.Change)
    /// The armed timer fired.
    case timer
    /// Stop claiming, wait for the running tasks, give back what is left.
    case drain
    /// Give back everything now.
    case stop

    /// What became of a call with reports.
    enum ReportAnswer: Sendable {
        /// The store's answers.
        case outcomes([LeaseOutcome])
        /// The call failed, and is not tried again before the pause is over; nil if that is of no use. The store
        /// may have taken the reports all the same.
        case failed(pause: Duration?, mayBeDone: Bool)
    }
}

/// Names one running task within a dispatcher.
struct SlotID: Hashable, Sendable, Comparable {
    let number: UInt64

    static func < (left: SlotID, right: SlotID) -> Bool { left.number < right.number }
}
