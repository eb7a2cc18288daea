import ArgumentParser
import Bellows

/// `bellows inspect`: where one task stands.
struct InspectCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Tell where one task stands. The payload is not shown, only its size.",
        discussion: "The id of a singleton is ~singleton. Dates are by the clock of Redis."
    )

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<InspectCommand>

    @OptionGroup var definition: DefinitionArgument
    @Argument(help: "The task's id.", transform: ArgumentChecks.anyID)
    var id: TaskID
    @Flag(help: "Print a JSON object.")
    var json = false

    var address: StoreAddress { store.address }

    func execute() async throws -> ProgramStatus {
        let name = try definition.parts().partition(for: id)
        guard let task = try await connect().inspect(id, in: name) else {
            throw CommandFailure(.failed, "\(name) has no task \(id)")
        }
        if json {
            try await ByteSink.standardOutput.print(jsonObject(task, name).text)
        } else {
            for line in lines(task) { try await ByteSink.standardOutput.print(line) }
        }
        return .success
    }

    private func jsonObject(_ task: TaskInspection, _ name: TaskName) -> JSONText {
        let headers = task.headers.sorted { $0.key < $1.key }.map { (key: $0.key, value: JSONText.string($0.value)) }
        return .object([
            ("name", .string(name.rawValue)),
            ("id", .string(task.id.rawValue)),
            ("state", .string(task.state.rawValue)),
            ("attempt", .number(task.attempt)),
            ("due", .optional(task.due.map(Timestamp.text(from:)))),
            ("lease", .optional(task.leaseEnd.map(Timestamp.text(from:)))),
            ("last_error", .optional(task.lastError)),
            ("headers", .object(headers)),
            ("payload_size", task.payloadSize.map { .number($0) } ?? .null),
        ])
    }

    /// What is not known is left out.
    private func lines(_ task: TaskInspection) -> [String] {
        var facts: [(String, String)] = [
            ("id", task.id.rawValue), ("state", task.state.rawValue), ("attempt", String(task.attempt)),
        ]
        if let due = task.due { facts.append(("due", Timestamp.text(from: due))) }
        if let end = task.leaseEnd { facts.append(("lease until", Timestamp.text(from: end))) }
        if let error = task.lastError { facts.append(("last error", ErrorText.sanitize(error))) }
        if let size = task.payloadSize { facts.append(("payload", "\(size) bytes")) }
        for header in task.headers.sorted(by: { $0.key < $1.key }) {
            facts.append(("header", ErrorText.sanitize("\(header.key): \(header.value)")))
        }
        return facts.map { label, text in
            "\(label):" + String(repeating: " ", count: 13 - label.count) + text
        }
    }
}
