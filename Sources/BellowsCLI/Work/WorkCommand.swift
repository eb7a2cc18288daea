import ArgumentParser
import Bellows

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `bellows work`: runs a command for each task.
struct WorkCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "work",
        abstract: "Run a command for each task.",
        usage: "bellows work NAME [OPTIONS] -- COMMAND [ARG…]",
        discussion: """
            The payload is on the command's standard input; BELLOWS_TASK_ID, BELLOWS_TASK_NAME and BELLOWS_ATTEMPT \
            are in its environment; its standard output is the result.

            Exit code 0: done. 75: try again later. 65: dead letter at once. Anything else, or a signal: a failed \
            attempt, tried again with growing waits. What the command says on standard error is passed on, and its \
            last 4 KiB are kept as the task's error.

            SIGTERM stops claiming, lets running commands end within the grace, gives the rest back, and exits with \
            0. A second signal gives everything back at once. A command outlives a worker that is killed with \
            SIGKILL, unless it runs under setpriv --pdeathsig KILL.
            """
    )

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<WorkCommand>

    @OptionGroup var definition: DefinitionArgument
    @Option(help: "How many commands run at a time. (default: one per core)", transform: ArgumentChecks.concurrency)
    var concurrency: Int?
    @Option(help: "The most attempts, the first included. (default: 5)", transform: ArgumentChecks.attempts)
    var maxAttempts: Int?
    @Flag(help: "Exit when no task is ready, delayed or leased.")
    var untilEmpty = false
    @Option(
        help: "Tell over HTTP at PORT (of this machine only) or HOST:PORT how the worker is doing: /live, /ready.",
        transform: HealthAddress.init(argument:)
    )
    var health: HealthAddress?
    @OptionGroup var commandOptions: CommandOptions

    var address: StoreAddress { store.address }

    func execute() async throws -> ProgramStatus {
        let partitions = try definition.parts()
        let groups = CommandGroups()
        let runner = try commandOptions.runner(
            output: .result,
            limits: try limits(),
            groups: groups
        )
        let backend = try await connectPatiently(commandOptions.patience)
        let handler = TaskHandler(
            name: partitions.name,
            options: TaskOptions(
                retry: maxAttempts.map { RetryPolicy(maximumAttempts: $0) } ?? RetryPolicy(),
                partitions: partitions.count
            )
        ) { payload, context in
            try await runner.run(payload, context)
        }
        let dispatcher = WorkerDispatcher(
            backend,
            handlers: handler,
            configuration: DispatcherConfiguration(
                maximumConcurrentTasks: concurrency ?? ProcessInfo.processInfo.activeProcessorCount,
                lease: commandOptions.lease,
                shutdownGrace: commandOptions.grace
            ),
            logger: CommandLogger.standard
        )
        let session = WorkSession(dispatcher: dispatcher, groups: groups, grace: commandOptions.grace)
        let watched: (TaskPartitions, any BackendInspecting)? = untilEmpty ? (partitions, backend) : nil
        if let health {
            try await HealthServer(dispatcher: dispatcher, address: health).serve {
                try await session.run(untilEmpty: watched)
            }
        } else {
            try await session.run(untilEmpty: watched)
        }
        guard untilEmpty else { return .success }
        return try Self.verdict(dead: await dispatcher.health().buriedTasks, name: partitions.name)
    }

    /// A run to the end tells whether all went well.
    static func verdict(dead count: Int, name: TaskName) throws(CommandFailure) -> ProgramStatus {
        guard count > 0 else { return .success }
        let tasks = count == 1 ? "1 task has died" : "\(count) tasks have died"
        throw CommandFailure(.failed, "\(tasks) in this run: see bellows dead list \(name)")
    }
}
