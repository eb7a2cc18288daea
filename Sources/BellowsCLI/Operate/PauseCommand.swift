import ArgumentParser
import Bellows

/// `bellows pause`: closes a definition.
struct PauseCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Stop handing out tasks of a definition, to all workers at once.",
        discussion: """
            Tasks may be published and wait; what runs goes on. Pausing again replaces the time and the note. It ends with \
            bellows resume NAME, or by itself with --for.
            """
    )

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<PauseCommand>

    @OptionGroup var definition: DefinitionArgument
    @Option(
        name: .customLong("for"),
        help: "Resume by itself after this time, such as 10m.",
        transform: DurationArgument.transform
    )
    var duration: Duration?
    @Option(help: "Why, for whoever wonders; `bellows stats` shows it.")
    var note = ""

    var address: StoreAddress { store.address }

    func validate() throws {
        _ = try ArgumentChecks.describing { () throws(BellowsError) in
            try DefinitionPause.check(duration, note: note)
        }
    }

    func execute() async throws -> ProgramStatus {
        let parts = try definition.parts()
        let running = try await Fleet(try await connect()).pause(parts, for: duration, note: note)
        let end = duration.map { "for \(DurationText.text($0))" } ?? "until somebody resumes it"
        try await ByteSink.standardOutput.print("\(parts.name) is paused \(end); running tasks that go on: \(running)")
        return .success
    }
}
