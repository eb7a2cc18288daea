import ArgumentParser
import Bellows

/// `bellows await`: waits for the result of a task that somebody published.
struct AwaitCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "await",
        abstract: "Wait for the result of a task and print it."
    )

    /// How long to wait unless --timeout says otherwise.
    static let defaultTimeout = Duration.seconds(30)

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<AwaitCommand>

    @OptionGroup var definition: DefinitionArgument
    @Argument(help: "The task's id.", transform: ArgumentChecks.id)
    var id: TaskID
    @Option(help: "How long to wait. (default: 30s)", transform: DurationArgument.transform)
    var timeout: Duration?
    @Flag(help: "Print a JSON object.")
    var json = false

    var address: StoreAddress { store.address }

    func execute() async throws -> ProgramStatus {
        let report = await TaskReport.awaiting(
            id,
            run: nil,
            in: try definition.parts(),
            on: try await connect(),
            timeout: timeout ?? Self.defaultTimeout
        )
        return try await Self.print(report, json ? .json : .lines)
    }

    /// Tells how a single task went.
    ///
    /// - Returns: the exit code.
    /// - Throws: ``CommandFailure`` to say in plain text what went wrong; with JSON it stands in the object.
    static func print(_ report: TaskReport, _ format: ReportFormat) async throws -> ProgramStatus {
        if let failure = report.failure, format != .json {
            throw CommandFailure(failure.status, (report.id.map { "\($0): " } ?? "") + failure.message)
        }
        try await ByteSink.standardOutput.write(report.output(format))
        return report.failure?.status ?? .success
    }
}
