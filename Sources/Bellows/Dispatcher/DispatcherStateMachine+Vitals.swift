extension DispatcherStateMachine {
    /// How it is doing.
    var vitals: DispatcherVitals {
        var vitals = DispatcherVitals()
        vitals.runningTasks = definitions.reduce(0) { $0 + $1.running }
        vitals.overrunningTasks = overrunning
        vitals.newerTasksGivenBack = giveBacks.total
        vitals.buriedTasks = buried
        vitals.isPoolSilent = isPoolSilent
        switch phase {
        case .running:
            vitals.phase = definitions.contains { $0.schedule.hasBeenAnswered } ? .running : .starting
            // What failed before says nothing while there is no slot to claim for again.
            let isFull = freeSlots <= 0
            vitals.unansweredSince =
                definitions.lazy.filter { !isFull || $0.schedule.isClaiming }.compactMap(\.schedule.unansweredSince)
                .min()
        case .draining, .stopping, .abandoning: vitals.phase = .draining
        case .ended: vitals.phase = .stopped
        }
        return vitals
    }
}
