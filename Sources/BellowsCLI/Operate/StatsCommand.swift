import ArgumentParser
import Bellows

/// `bellows stats`: how many tasks are in each state.
struct StatsCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Count the tasks of one definition, or of all."
    )

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<StatsCommand>

    @Argument(help: "The definition's name; all if it is left out.", transform: ArgumentChecks.name)
    var name: TaskName?
    @Flag(help: "Print one JSON object per definition.")
    var json = false

    var address: StoreAddress { store.address }

    func execute() async throws -> ProgramStatus {
        let backend = try await connect()
        var table = TextTable(header: [
            "NAME", "READY", "DELAYED", "LEASED", "DEAD", "FINISHED", "FAILED ATTEMPTS", "CANCELLED", "TRIMMED", "",
        ])
        var names = name.map { [$0] } ?? []
        if name == nil { names = try await backend.definitionNames() }
        for name in names {
            let counts = try await backend.statistics(of: name)
            let numbers: [(key: String, value: Int)] = [
                ("ready", counts.ready), ("delayed", counts.delayed), ("leased", counts.leased), ("dead", counts.dead),
                ("finished_total", counts.finishedTotal), ("failed_attempts_total", counts.failedAttemptsTotal),
                ("cancelled_total", counts.cancelledTotal), ("trimmed_total", counts.trimmedTotal),
            ]
            if json {
                let members =
                    numbers.map { (key: $0.key, value: JSONText.number($0.value)) } + pauseMembers(counts.pause)
                try await ByteSink.standardOutput.print(
                    JSONText.object([("name", .string(name.rawValue))] + members).text
                )
            } else {
                table.add([name.rawValue] + numbers.map { String($0.value) } + [pauseText(counts.pause)])
            }
        }
        if !json {
            for line in table.lines { try await ByteSink.standardOutput.print(line) }
        }
        return .success
    }

    private func pauseMembers(_ pause: DefinitionPause?) -> [(key: String, value: JSONText)] {
        [
            ("paused", .bool(pause != nil)), ("pause_note", .optional(pause?.note)),
            ("paused_until", .optional(pause?.end.map(Timestamp.text(from:)))),
        ]
    }

    private func pauseText(_ pause: DefinitionPause?) -> String {
        guard let pause else { return "" }
        let end = pause.end.map { " until \(Timestamp.text(from: $0))" } ?? ""
        return "paused\(end)" + (pause.note.isEmpty ? "" : ": \(ErrorText.sanitize(pause.note))")
    }
}
