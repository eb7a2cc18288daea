import ArgumentParser
import Bellows

/// `bellows dead list`: the dead letters of a definition, the latest first.
struct DeadListCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the dead letters of a definition, the latest first."
    )

    /// How many are asked for at once.
    private static let page = 1000

    @ParentCommand var root: BellowsCommand
    @ParentCommand var parent: DeadCommand
    @OptionGroup var store: StoreOptions<DeadListCommand>

    @Argument(help: "The definition's name.", transform: ArgumentChecks.name)
    var name: TaskName
    @Flag(help: "Print one JSON object per dead letter.")
    var json = false

    var address: StoreAddress { store.address.falling(back: parent.store.address) }

    func execute() async throws -> ProgramStatus {
        var table = TextTable(header: ["ID", "ATTEMPT", "DIED", "REASON"])
        for letter in try await Self.letters(of: name, on: try await connect()) {
            if json {
                try await ByteSink.standardOutput.print(jsonObject(letter).text)
            } else {
                table.add([
                    letter.id.rawValue, String(letter.attempt), Timestamp.text(from: letter.date),
                    ErrorText.sanitize(letter.reason),
                ])
            }
        }
        if !json {
            for line in table.lines { try await ByteSink.standardOutput.print(line) }
        }
        return .success
    }

    /// All dead letters. Some may come or go while the pages are read; none is listed twice.
    static func letters(of name: TaskName, on backend: any BackendInspecting) async throws -> [DeadLetter] {
        var letters: [DeadLetter] = []
        var seen: Set<TaskID> = []
        var offset = 0
        while true {
            let next = try await backend.deadLetters(of: name, offset: offset, limit: page)
            letters += next.filter { seen.insert($0.id).inserted }
            offset += next.count
            // A page may be short because of its bytes.
            if next.isEmpty { return letters }
        }
    }

    private func jsonObject(_ letter: DeadLetter) -> JSONText {
        .object([
            ("id", .string(letter.id.rawValue)),
            ("attempt", .number(letter.attempt)),
            ("date", .string(Timestamp.text(from: letter.date))),
            ("reason", .string(letter.reason)),
        ])
    }
}
