import ArgumentParser
import Bellows
import BellowsRedis

/// What the two commands that run commands have in common.
struct CommandOptions: ParsableArguments {
    @Option(
        help: "How long a task stays ours after this process is gone. (default: 20s)",
        transform: ArgumentChecks.lease
    )
    var lease = LeasePolicy()
    @Option(
        help: "How long commands may run after SIGTERM, and after TERM. (default: 10s)",
        transform: DurationArgument.transform
    )
    var grace = Duration.seconds(10)
    @Option(
        name: .customLong("wait"),
        help: "How long to wait for a Redis that is not there when the program starts. (default: not at all)",
        transform: DurationArgument.transform
    )
    var patience: Duration?
    @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.")
    var command: [String] = []

    func validate() throws {
        if command.isEmpty { throw ValidationError("a command is missing: put it after --") }
    }

    /// Makes the runner; the command is looked up now.
    ///
    /// - Throws: ``CommandFailure`` if there is no such command, or no place for payloads.
    func runner(output: CommandRunner.Output, limits: TaskLimits, groups: CommandGroups) throws -> CommandRunner {
        // The passwords are ours; a command that publishes tasks of its own gets one from its author.
        let url = ProcessEnvironment.current["BELLOWS_REDIS_URL"].map { StoreAddress.withoutPassword($0) }
        let environment = ProcessEnvironment.current.replacing(
            url.map { [("BELLOWS_REDIS_URL", $0)] } ?? [],
            removing: ["BELLOWS_REDIS_PASSWORD", "BELLOWS_SENTINEL_PASSWORD"]
        )
        try PayloadDescriptor.check()
        let words = command.map { RawArguments.bytes(of: $0) }
        return CommandRunner(
            path: try CommandLookup(environment: environment).path(of: words.first ?? []),
            words: words,
            environment: environment,
            output: output,
            limits: limits,
            grace: grace,
            groups: groups
        )
    }
}
