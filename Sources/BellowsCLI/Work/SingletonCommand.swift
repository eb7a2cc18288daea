import ArgumentParser
import Bellows
import BellowsRedis

/// `bellows singleton`: runs a command again and again, in one process of the whole fleet.
struct SingletonCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "singleton",
        abstract: "Run a command again and again, in only one process of the whole fleet at a time.",
        usage: "bellows singleton NAME [OPTIONS] -- COMMAND [ARG…]",
        discussion: """
            Start it on several hosts: one runs the command, and when it dies another takes over. A run that fails is \
            followed by growing waits. Standard output and standard error of the command are passed on.
            """
    )

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<SingletonCommand>

    @Argument(help: "The singleton's name.", transform: ArgumentChecks.name)
    var name: TaskName
    @Option(
        help: "How long after the end of a run the next one begins. (default: 5s)",
        transform: DurationArgument.transform
    )
    var every = Duration.seconds(5)
    @OptionGroup var commandOptions: CommandOptions

    var address: StoreAddress { store.address }

    func validate() throws {
        guard every <= Availability.maximumDelay else { throw ValidationError("--every is at most ten years") }
    }

    func execute() async throws -> ProgramStatus {
        let groups = CommandGroups()
        let runner = try commandOptions.runner(
            output: .passed,
            limits: try limits(),
            groups: groups
        )
        let backend = try await connectPatiently(commandOptions.patience)
        if let wait = try await backend.hastenSingleton(name, within: every), wait > .zero {
            await ByteSink.standardError.say("bellows: the next run is due in \(DurationText.text(wait))")
        }
        let handler = TaskHandler(singleton: name) { [every] context in
            _ = try await runner.run([], context)
            return .after(every)
        }
        let dispatcher = WorkerDispatcher(
            backend,
            handlers: handler,
            configuration: DispatcherConfiguration(
                maximumConcurrentTasks: 1,
                lease: commandOptions.lease,
                shutdownGrace: commandOptions.grace
            ),
            logger: CommandLogger.standard
        )
        try await WorkSession(dispatcher: dispatcher, groups: groups, grace: commandOptions.grace).run()
        return .success
    }
}
