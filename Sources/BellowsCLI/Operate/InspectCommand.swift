import ArgumentParser
import Bellows

/// `bellows inspect`: where one task stands.
struct InspectCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Tell where one task stands. Of the payload only the size is shown, unless you ask for it.",
        discussion: "The id of a singleton is ~singleton. Dates are by the clock of Redis."
    )

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<InspectCommand>

    @OptionGroup var definition: DefinitionArgument
    @Argument(help: "The task's id.", transform: ArgumentChecks.anyID)
    var id: TaskID
    @Flag(help: "Print a JSON object.")
    var json = false
    @Flag(help: "Print nothing but the bytes of the payload.")
    var payload = false
    @Flag(help: "Print the payload too; needs --json.")
    var withPayload = false

    var address: StoreAddress { store.address }

    func validate() throws {
        if payload, json { throw ValidationError("give either --payload or --json; --with-payload adds it to --json") }
        if withPayload, !json { throw ValidationError("--with-payload needs --json; --payload prints the bytes alone") }
    }

    func execute() async throws -> ProgramStatus {
        let parts = try definition.parts()
        let (name, fleet) = (parts.partition(for: id), Fleet(try await connect()))
        guard let task = try await fleet.inspect(id, in: parts, withPayload: payload || withPayload) else {
            throw CommandFailure(.failed, "\(name) has no task \(id)")
        }
        if payload {
            guard let bytes = task.payload else {
                throw CommandFailure(.failed, "\(name) has no payload of \(id) any more: it is \(task.state.rawValue)")
            }
            try await ByteSink.standardOutput.write(bytes)
            return .success
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
        let members: [(key: String, value: JSONText)] = [
            ("name", .string(name.rawValue)),
            ("id", .string(task.id.rawValue)),
            ("state", .string(task.state.rawValue)),
            ("attempt", .number(task.attempt)),
            ("due", .optional(task.due.map(Timestamp.text(from:)))),
            ("lease", .optional(task.leaseEnd.map(Timestamp.text(from:)))),
            ("died", .optional(task.died.map(Timestamp.text(from:)))),
            ("published_at", .optional(task.published.map(Timestamp.text(from:)))),
            ("process", .optional(task.holder?.rawValue)),
            ("cancel_reason", .optional(task.cancellationReason)),
            ("last_error", .optional(task.lastError)),
            ("headers", .object(headers)),
            ("payload_size", task.payloadSize.map { .number($0) } ?? .null),
            ("result_size", task.resultSize.map { .number($0) } ?? .null),
        ]
        return .object(members + (task.payload.map { [JSONText.bytes("payload", $0)] } ?? []))
    }

    /// What is not known is left out.
    private func lines(_ task: TaskInspection) -> [String] {
        var facts: [(String, String)] = [
            ("id", task.id.rawValue), ("state", task.state.rawValue), ("attempt", String(task.attempt)),
        ]
        if let due = task.due { facts.append(("due", Timestamp.text(from: due))) }
        if let end = task.leaseEnd { facts.append(("lease until", Timestamp.text(from: end))) }
        if let died = task.died { facts.append(("died", Timestamp.text(from: died))) }
        if let published = task.published { facts.append(("published", Timestamp.text(from: published))) }
        if let holder = task.holder { facts.append(("process", holder.rawValue)) }
        if let reason = task.cancellationReason {
            facts.append((task.state == .cancelled ? "reason" : "asked to stop", ErrorText.sanitize(reason)))
        }
        if let error = task.lastError { facts.append(("last error", ErrorText.sanitize(error))) }
        if let size = task.payloadSize { facts.append(("payload", "\(size) bytes")) }
        if let size = task.resultSize { facts.append(("result", "\(size) bytes")) }
        for header in task.headers.sorted(by: { $0.key < $1.key }) {
            facts.append(("header", ErrorText.sanitize("\(header.key): \(header.value)")))
        }
        return facts.map { label, text in
            "\(label):" + String(repeating: " ", count: 14 - label.count) + text
        }
    }
}
