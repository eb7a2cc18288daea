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
    }
}
