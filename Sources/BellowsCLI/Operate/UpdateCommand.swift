import ArgumentParser
import Bellows

/// `bellows update`: replaces the payload of a task that waits.
struct UpdateCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Replace the payload of a task that waits.",
        discussion: """
            Headers, retry policy and attempts stay as they are. What runs is left alone. If somebody else changes the task \
            at the same time, one of both fails.
            """
    )

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<UpdateCommand>

    @OptionGroup var definition: DefinitionArgument
    @Argument(help: "The task's id.", transform: ArgumentChecks.id)
    var id: TaskID
    @Option(help: "The file with the new payload; - for standard input.")
    var payloadFile: String

    var address: StoreAddress { store.address }

    func execute() async throws -> ProgramStatus {
        let parts = try definition.parts()
        let payload = try await PayloadFile(path: payloadFile).read(limit: TaskLimits().payload)
        let fleet = Fleet(try await connect())
        guard let task = try await fleet.inspect(id, in: parts, withPayload: true) else {
            throw CommandFailure(.failed, "\(parts.name) has no task \(id)")
        }
        guard task.record != nil else {
            let waits = [TaskState.ready, .delayed, .leased].contains(task.state)
            let why = waits ? "its record cannot be read: \(task.lastError ?? "")" : "it is \(task.state.rawValue)"
            throw CommandFailure(.failed, "\(id) cannot be changed: \(why)")
        }
        switch try await fleet.update(task, in: parts, payload: payload) {
        case .done: return .success
        case .leased: throw CommandFailure(.failed, "\(id) runs: what runs cannot be changed")
        case .changed: throw CommandFailure(.failed, "somebody else has changed \(id) meanwhile: try again")
        case .unknown: throw CommandFailure(.failed, "\(id) has ended meanwhile")
        }
    }
}
