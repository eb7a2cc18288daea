import ArgumentParser
import Bellows

/// `bellows dead retry`: puts dead letters back, with a fresh count of attempts.
struct DeadRetryCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Try dead letters again, with a fresh count of attempts."
    )

    @ParentCommand var root: BellowsCommand
    @ParentCommand var parent: DeadCommand
    @OptionGroup var store: StoreOptions<DeadRetryCommand>

    @Argument(help: "The definition's name.", transform: ArgumentChecks.name)
    var name: TaskName
    @OptionGroup var selection: DeadSelection

    var address: StoreAddress { store.address.falling(back: parent.store.address) }

    func execute() async throws -> ProgramStatus {
        let backend = try await connect()
        return try await selection.apply("retried", to: name, on: backend) { ids in
            try await backend.retryDeadLetters(ids, of: name)
        }
    }
}
