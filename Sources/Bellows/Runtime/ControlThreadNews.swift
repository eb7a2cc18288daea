/// What other threads have left for the control thread, and its timers. Knows no lock and no thread.
struct ControlThreadNews {
    /// What comes seldom.
    struct Rare {
        var additions: [(group: IOGroup, make: @Sendable () -> any IOEndpoint)] = []
        var endedGroups: [IOGroup] = []
        var dueActions: [@Sendable () -> Void] = []
    }

    var jobs: [UnownedJob] = []
    var turnEndActions: [@Sendable () -> Void] = []
    var timers = TimerQueue()
    var additions: [(group: IOGroup, make: @Sendable () -> any IOEndpoint)] = []
    var endedGroups: [IOGroup] = []

    /// Exchanges the jobs for an empty buffer.
    mutating func takeJobs(_ buffer: inout [UnownedJob]) {
        swap(&jobs, &buffer)
    }

    mutating func takeTurnEndActions() -> [@Sendable () -> Void] {
        guard !turnEndActions.isEmpty else { return [] }
        defer { turnEndActions = [] }
        return turnEndActions
    }

    /// Takes what comes seldom, and the timers that are due; nil if there is nothing.
    mutating func takeRare(at now: ContinuousClock.Instant) -> Rare? {
        let isDue = timers.nextInstant().map { $0 <= now } ?? false
        guard isDue || !additions.isEmpty || !endedGroups.isEmpty else { return nil }
        defer {
            additions = []
            endedGroups = []
        }
        let due = isDue ? timers.takeDue(at: now) : []
        return Rare(additions: additions, endedGroups: endedGroups, dueActions: due)
    }
}
