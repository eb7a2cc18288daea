import ArgumentParser
import Bellows

/// `bellows resume`: opens a definition that was paused.
struct ResumeCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Hand out tasks of a paused definition again."
    )

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<ResumeCommand>

    @OptionGroup var definition: DefinitionArgument

    var address: StoreAddress { store.address }

    func execute() async throws -> ProgramStatus {
        let parts = try definition.parts()
        let wasPaused = try await Fleet(try await connect()).resume(parts)
        try await ByteSink.standardOutput.print("\(parts.name) \(wasPaused ? "is resumed" : "was not paused")")
        return .success
    }
}
