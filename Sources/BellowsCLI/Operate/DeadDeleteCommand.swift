import ArgumentParser
import Bellows

/// `bellows dead delete`: deletes dead letters for good.
struct DeadDeleteCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete dead letters for good."
    )

    @ParentCommand var root: BellowsCommand
    @ParentCommand var parent: DeadCommand
    @OptionGroup var store: StoreOptions<DeadDeleteCommand>

    @Argument(help: "The definition's name.", transform: ArgumentChecks.name)
    var name: TaskName
    @OptionGroup var selection: DeadSelection

    var address: StoreAddress { store.address.falling(back: parent.store.address) }

    func execute() async throws -> ProgramStatus {
        let backend = try await connect()
        return try await selection.apply("deleted", to: name, on: backend) { ids in
            try await backend.deleteDeadLetters(ids, of: name)
        }
    }
}
