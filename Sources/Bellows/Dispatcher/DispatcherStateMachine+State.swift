extension DispatcherStateMachine {
    /// A definition that the dispatcher handles.
    struct Definition {
        let name: TaskName
        let kind: TaskKind
        let resolver: AttemptResolver
        var schedule = ClaimSchedule()
        /// Slots that the claims under way may fill.
        var reserved = 0
        /// Workers that have not ended.
        var running = 0
        /// Calls with reports that were not answered yet.
        var reporting = CallPacing()
        /// Whether reports go out in this turn.
        var isReporting = false

        /// For so long nothing is claimed when a worker has given its task back: otherwise we would be the first to
        /// take it again.
        static let giveBackPause = Duration.seconds(1)

        /// A worker has ended.
        mutating func workerEnded(_ report: AttemptReport, at now: MonotonicInstant) {
            running -= 1
            if case .release = report { schedule.pause(until: now + Self.giveBackPause) }
        }
    }

    /// Where it is on its way to its end.
    enum Phase: Equatable {
        case running
        /// No claims any more; running tasks may end until then.
        case draining(until: MonotonicInstant)
        /// Workers are cancelled; those that do not react by then are abandoned.
        case stopping(until: MonotonicInstant)
        /// Only releases are awaited, and not longer than this.
        case abandoning(until: MonotonicInstant)
        case ended
    }

    /// A claimed task.
    struct Slot {
        let definition: Int
        let lease: Lease
        var life: LeaseStateMachine
    }
}
