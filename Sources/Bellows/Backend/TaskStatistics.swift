/// How many tasks of a definition are in each state.
public struct TaskStatistics: Hashable, Sendable {
    /// Wait for a worker.
    public var ready: Int
    /// Wait for their time.
    public var delayed: Int
    /// Held by workers, including leases that have ended and were not taken over yet.
    public var leased: Int
    /// In the dead letters.
    public var dead: Int
    /// Attempts that ended well, since the definition's data began.
    public var finishedTotal: Int
    /// Attempts that were reported as failed, since the definition's data began.
    public var failedAttemptsTotal: Int
    /// Dead letters that were removed because there were more than 10,000, or they were older than 90 days, since the
    /// definition's data began.
    public var trimmedTotal: Int
    /// Tasks that were cancelled, since the definition's data began.
    public var cancelledTotal: Int
    /// Set while the definition is closed; of several parts the pause of one that is.
    public var pause: DefinitionPause?

    /// Makes counts.
    public init(
        ready: Int = 0,
        delayed: Int = 0,
        leased: Int = 0,
        dead: Int = 0,
        finishedTotal: Int = 0,
        failedAttemptsTotal: Int = 0,
        trimmedTotal: Int = 0,
        cancelledTotal: Int = 0,
        pause: DefinitionPause? = nil
    ) {
        self.ready = ready
        self.delayed = delayed
        self.leased = leased
        self.dead = dead
        self.finishedTotal = finishedTotal
        self.failedAttemptsTotal = failedAttemptsTotal
        self.trimmedTotal = trimmedTotal
        self.cancelledTotal = cancelledTotal
        self.pause = pause
    }

    /// Adds the counts of another part of a definition.
    public static func += (sum: inout TaskStatistics, part: TaskStatistics) {
        sum.ready = sum.ready.addingClamped(part.ready)
        sum.delayed = sum.delayed.addingClamped(part.delayed)
        sum.leased = sum.leased.addingClamped(part.leased)
        sum.dead = sum.dead.addingClamped(part.dead)
        sum.finishedTotal = sum.finishedTotal.addingClamped(part.finishedTotal)
        sum.failedAttemptsTotal = sum.failedAttemptsTotal.addingClamped(part.failedAttemptsTotal)
        sum.trimmedTotal = sum.trimmedTotal.addingClamped(part.trimmedTotal)
        sum.cancelledTotal = sum.cancelledTotal.addingClamped(part.cancelledTotal)
        sum.pause = sum.pause ?? part.pause
    }

    /// Whether no task waits or runs.
    public var isEmpty: Bool { ready == 0 && delayed == 0 && leased == 0 }
}
