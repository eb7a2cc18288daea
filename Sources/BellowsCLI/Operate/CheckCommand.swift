import ArgumentParser
import Bellows
import BellowsRedis

/// `bellows check`: whether every key of the prefix is as the scripts leave it.
struct CheckCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Audit every key of the prefix: tasks that no worker would find, keys that nobody owns.",
        discussion: """
            It changes nothing, and may run while publishers and workers do: only what looks wrong three times counts. \
            The exit code is 1 if there is a violation.
            """
    )

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<CheckCommand>

    @Argument(help: "Names of definitions; all if they are left out.", transform: ArgumentChecks.name)
    var names: [TaskName] = []
    @Option(help: "How many violations are printed; all are counted.")
    var limit = 100
    @Flag(help: "Print one JSON object.")
    var json = false

    var address: StoreAddress { store.address }

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit must not be negative") }
    }

    func execute() async throws -> ProgramStatus {
        let audit = try await RedisBackend.audit(try storeConfiguration(), only: names, limit: limit)
        for line in json ? [jsonText(audit)] : lines(audit) { try await ByteSink.standardOutput.print(line) }
        return audit.isClean ? .success : .failed
    }

    private func lines(_ audit: StoreAudit) -> [String] {
        var lines = audit.violations.map(\.description)
        let untold = audit.violationCount - audit.violations.count
        if untold > 0 { lines.append("… and \(untold) more") }
        if audit.trimmedCount > 0 {
            lines.append(
                "\(audit.trimmedCount) dead letters were removed in all: 10,000 of a definition are kept, for 90 days"
            )
        }
        lines.append(
            "\(audit.definitionCount) definitions, \(audit.taskCount) tasks, \(audit.singletonCount) singletons, "
                + "\(audit.staleHintCount) stale hints: \(audit.violationCount) violations"
        )
        return lines
    }

    private func jsonText(_ audit: StoreAudit) -> String {
        let violations = audit.violations.map { violation in
            JSONText.object([
                ("kind", .string(violation.kind.rawValue)),
                ("name", .optional(violation.definition?.rawValue)),
                ("id", .optional(violation.id?.rawValue)),
                ("key", .optional(violation.key)),
                ("text", .string(violation.text)),
            ])
        }
        return JSONText.object([
            ("definitions", .number(audit.definitionCount)),
            ("tasks", .number(audit.taskCount)),
            ("singletons", .number(audit.singletonCount)),
            ("stale_hints", .number(audit.staleHintCount)),
            ("trimmed", .number(audit.trimmedCount)),
            ("violation_count", .number(audit.violationCount)),
            ("violations", .array(violations)),
        ]).text
    }
}
