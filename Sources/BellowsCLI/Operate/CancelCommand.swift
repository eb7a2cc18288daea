import ArgumentParser
import Bellows

/// `bellows cancel`: ends tasks that wait, and asks those that run to stop.
struct CancelCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel tasks: some, or all that wait.",
        discussion: """
            A task that waits ends at once. The handler of one that runs is cancelled, and a command gets TERM, then KILL; \
            if it ends well all the same, the task has finished. Whoever awaits the result is told the reason.

            The exit code is 1 if any outcome is another than cancelled or, without --wait, requested.

            Prints ID and outcome for each: cancelled, requested, finished, dead, unknown, or, with --wait, still_running. \
            With --all it prints how many there were.
            """
    )

    private static let states: @Sendable (String) throws -> [TaskState] = { text in
        try text.split(separator: ",").map { word in
            let state = TaskState(rawValue: String(word))
            guard let state, [.ready, .delayed, .leased].contains(state) else {
                throw ValidationError("use ready, delayed, leased, or several with commas")
            }
            return state
        }
    }

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<CancelCommand>

    @OptionGroup var definition: DefinitionArgument
    @Argument(help: "The tasks' ids.", transform: ArgumentChecks.id)
    var ids: [TaskID] = []
    @Flag(help: "Cancel all tasks of the states that --state names.")
    var all = false
    @Option(
        help: ArgumentHelp("With --all: ready, delayed, leased. (default: ready,delayed)", valueName: "states"),
        transform: states
    )
    var state: [TaskState]?
    @Option(help: "With --all: only tasks whose stored record holds this text.")
    var matching: String?
    @Option(help: "Who cancels them, and why.")
    var reason = ""
    @Option(
        help: "How long to wait for the ends of tasks that run, such as 10s.",
        transform: DurationArgument.transform
    )
    var wait: Duration?
    @Flag(help: "Print one JSON object per task; with --all one for all.")
    var json = false

    var address: StoreAddress { store.address }

    func validate() throws {
        if ids.isEmpty == !all { throw ValidationError("give either ids or --all") }
        if !all, state != nil || matching != nil { throw ValidationError("--state and --matching need --all") }
        if all, wait != nil { throw ValidationError("--wait needs ids") }
        try ArgumentChecks.describing { () throws(BellowsError) in
            try VerbLimits.checkCancellation([], reason: reason)
            if let matching { try VerbLimits.checkSearch(Array(matching.utf8)) }
        }
    }

    func execute() async throws -> ProgramStatus {
        let parts = try definition.parts()
        let fleet = Fleet(try await connect())
        return try await all ? cancelAll(of: parts, fleet) : cancelSome(of: parts, fleet)
    }

    private func cancelSome(of parts: TaskPartitions, _ fleet: Fleet) async throws -> ProgramStatus {
        var isDone = true
        let outcomes = try await fleet.cancel(ids, in: parts, reason: reason, waiting: wait)
        for (id, outcome) in zip(ids, outcomes) {
            if case .requested = outcome {
                isDone = isDone && wait == nil
            } else {
                isDone = isDone && outcome == .cancelled
            }
            try await OutcomeLine(id: id, word: outcome.word).print(asJSON: json)
        }
        return isDone ? .success : .failed
    }

    private func cancelAll(of parts: TaskPartitions, _ fleet: Fleet) async throws -> ProgramStatus {
        var count = CancelCount()
        var progress = ProgressLine()
        let sweep = try fleet.cancelAll(state ?? [.ready, .delayed], matching: matching, of: parts, reason: reason)
        for try await step in sweep {
            count = step
            await progress.update(done: count.cancelled + count.requested, left: nil)
        }
        await progress.clear()
        let line =
            json
            ? JSONText.object([
                ("cancelled", .number(count.cancelled)), ("requested", .number(count.requested)),
                ("missed", .number(count.missed)),
            ]).text : "\(count.cancelled) cancelled, \(count.requested) asked to stop, \(count.missed) missed"
        try await ByteSink.standardOutput.print(line)
        return .success
    }
}
