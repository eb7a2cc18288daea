/// What other threads have left for the event loop, and its timers. Knows no lock and no thread.
struct EventLoopInbox {
    /// What comes seldom.
    struct Infrequent {
        var additions: [(group: EndpointGroupID, make: @Sendable () -> any IOEndpoint)] = []
        var endedGroups: [EndpointGroupID] = []
        var dueActions: [@Sendable () -> Void] = []
    }

    var jobs: [UnownedJob] = []
    var turnEndActions: [@Sendable () -> Void] = []
    var timers = TimerQueue()
    var additions: [(group: EndpointGroupID, make: @Sendable () -> any IOEndpoint)] = []
    var endedGroups: [EndpointGroupID] = []

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
    mutating func takeInfrequent(at now: ContinuousClock.Instant) -> Infrequent? {
        let isDue = timers.nextInstant().map { $0 <= now } ?? false
        guard isDue || !additions.isEmpty || !endedGroups.isEmpty else { return nil }
        defer {
            additions = []
            endedGroups = []
        }
        let due = isDue ? timers.takeDue(at: now) : []
        return Infrequent(additions: additions, endedGroups: endedGroups, dueActions: due)
    }
}
