import ArgumentParser
import Bellows

/// `bellows tasks`: the tasks of a definition, page by page.
struct TasksCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks",
        abstract: "List the tasks of a definition: what waits, runs or was given up.",
        discussion: """
            Tasks come in the order in which they will be handed out, running ones by the ends of their leases, dead \
            letters the latest first. Dates are by the clock of Redis.
            """
    )

    /// Of which states there are lists, by their words.
    private static let states: @Sendable (String) throws -> TaskState = { text in
        guard let state = TaskState.listed.first(where: { $0.rawValue == text }) else {
            throw ValidationError("use \(TaskState.listed.map(\.rawValue).joined(separator: ", "))")
        }
        return state
    }

    private static let cursor: @Sendable (String) throws -> PageCursor = { text in
        try ArgumentChecks.describing { () throws(BellowsError) in try PageCursor(text) }
    }

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<TasksCommand>

    @OptionGroup var definition: DefinitionArgument
    @Option(
        help: ArgumentHelp(
            "Only tasks of this state: ready, delayed, leased or dead. (default: all)",
            valueName: "state"
        ),
        transform: states
    )
    var state: TaskState?
    @Option(help: "Only tasks whose stored record holds this text: payload, names and values of headers.")
    var matching: String?
    @Option(help: "How many tasks are listed.")
    var limit = 50
    @Option(help: "Go on behind this cursor, which the list before it has printed.", transform: cursor)
    var after: PageCursor?
    @Flag(help: "List all tasks.")
    var all = false
    @Flag(help: "Print one JSON object per task; if there are more, the last one is {\"next\":CURSOR}.")
    var json = false

    var address: StoreAddress { store.address }

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be 1 or more") }
        if all, after != nil { throw ValidationError("give either --all or --after") }
        if let matching, !(1...VerbLimits.searchedBytes).contains(matching.utf8.count) {
            throw ValidationError("--matching takes 1 to \(VerbLimits.searchedBytes) bytes")
        }
    }

    func execute() async throws -> ProgramStatus {
        let fleet = Fleet(try await connect())
        let parts = try definition.parts()
        var list = TaskList(isJSON: json)
        var next = after
        var isApproximate = false
        repeat {
            let page = try await page(of: fleet, parts, after: next, most: all ? .max : limit - list.count)
            try await list.print(page.tasks)
            (next, isApproximate) = (page.next, isApproximate || page.isApproximate)
        } while next != nil && (all || list.count < limit)
        try await list.end(next: next, isApproximate: isApproximate)
        return .success
    }

    /// A page of the list, or what one step of the search has found.
    private func page(
        of fleet: Fleet,
        _ parts: TaskPartitions,
        after cursor: PageCursor?,
        most: Int
    ) async throws -> TaskPage {
        let states = state.map { [$0] } ?? TaskState.listed
        guard let matching else {
            return try await fleet.tasks(states, of: parts, after: cursor, limit: min(most, VerbLimits.listedTasks))
        }
        // A step is printed whole: its cursor stands behind all that it has found.
        let found = try await fleet.search(matching, in: states, of: parts, after: cursor)
        return TaskPage(tasks: found.tasks, next: found.next)
    }
}
