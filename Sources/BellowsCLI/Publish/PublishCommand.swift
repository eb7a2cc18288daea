import ArgumentParser
import Bellows

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `bellows publish`: stores tasks, and prints their ids or awaits their results.
struct PublishCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Publish tasks; print their ids, or with --await their results.",
        discussion: """
            A payload is raw bytes; without PAYLOAD it is empty. One that begins with - goes after --. \
            A task is durable when its id is printed. The result is kept for an hour, so that bellows await finds it, \
            unless --no-result is given.
            """
    )

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<PublishCommand>

    @OptionGroup var definition: DefinitionArgument
    @Argument(help: "The payload.")
    var payload: String?
    @Option(help: "Read the payload from a file; - is standard input.")
    var payloadFile: String?
    @Flag(help: "Publish each line of standard input as a task.")
    var stdinLines = false
    @Option(help: "Run not before this time has passed, such as 5s.", transform: DurationArgument.transform)
    var delay: Duration?
    @Option(help: "Run not before this date, such as 2026-05-01T12:30:00Z.", transform: ArgumentChecks.date)
    var at: Date?
    @Option(help: "An id of your own, which makes publishing it twice harmless.", transform: ArgumentChecks.id)
    var id: TaskID?
    @Option(help: "The most attempts, the first included. (default: the worker's)", transform: ArgumentChecks.attempts)
    var maxAttempts: Int?
    @Flag(name: .customLong("await"), help: "Wait for the results and print them, in the order of the input.")
    var awaits = false
    @Option(help: "How long to wait for each result. (default: 30s)", transform: DurationArgument.transform)
    var timeout: Duration?
    @Option(
        help: "Wait until so many replicas have the task; says on standard error if they do not in time.",
        transform: ArgumentChecks.replicas
    )
    var replicas: Int?
    @Option(help: "How long to wait for replicas. (default: 1s)", transform: DurationArgument.transform)
    var replicaTimeout: Duration?
    @Flag(name: .customLong("print0"), help: "End each result with a zero byte instead of a newline.")
    var endsWithZero = false
    @Flag(help: "Keep no result.")
    var noResult = false
    @Flag(help: "Print one JSON object per task.")
    var json = false

    var address: StoreAddress { store.address }

    func validate() throws {
        let sources = [payload != nil, payloadFile != nil, stdinLines].count { $0 }
        if sources > 1 { throw ValidationError("give only one of PAYLOAD, --payload-file and --stdin-lines") }
        if delay != nil, at != nil { throw ValidationError("give only one of --delay and --at") }
        if id != nil, stdinLines { throw ValidationError("--id does not go with --stdin-lines: ids are unique") }
        if timeout != nil, !awaits { throw ValidationError("--timeout needs --await") }
        if replicaTimeout != nil, replicas == nil { throw ValidationError("--replica-timeout needs --replicas") }
        if endsWithZero, !awaits { throw ValidationError("--print0 needs --await") }
        if endsWithZero, json { throw ValidationError("--print0 does not go with --json") }
        if noResult, awaits { throw ValidationError("--no-result does not go with --await") }
    }

    func execute() async throws -> ProgramStatus {
        // Whatever can be checked is checked before anything is sent.
        let partitions = try definition.parts()
        let limits = try limits()
        try validate([], limits)
        if stdinLines {
            let publisher = LinePublisher(
                backend: try await connect(),
                partitions: partitions,
                options: options,
                timeout: wait,
                format: format
            )
            return try await publisher.run()
        }
        let bytes = try await singlePayload(limit: limits.payload)
        try validate(bytes, limits)
        let backend = try await connect()
        guard
            let task = try await backend.publish([PublishRequest(payload: bytes, options: options)], to: partitions)
                .first
        else { throw BellowsError(.invalidData, "the backend gave no answer to a publish") }
        var report = TaskReport(id: task.id, outcome: .published(task.disposition))
        if let wait {
            report = await .awaiting(task.id, run: task.run, in: partitions, on: backend, timeout: wait)
        }
        report.durability = task.durability
        if let warning = report.warning, format != .json { await ByteSink.standardError.say("\(task.id): \(warning)") }
        return try await AwaitCommand.print(report, format)
    }

    private var wait: Duration? { awaits ? timeout ?? AwaitCommand.defaultTimeout : nil }

    private var format: ReportFormat {
        if json { return .json }
        return endsWithZero ? .zeroTerminated : .lines
    }

    private var options: PublishOptions {
        PublishOptions(
            availability: delay.map { .after($0) } ?? at.map { .at($0) } ?? .now,
            id: id,
            retryPolicy: maxAttempts.map { RetryPolicy(maximumAttempts: $0) },
            resultRetention: noResult ? nil : PublishOptions.defaultRetention,
            // Of many, most are looked for when it is their turn.
            announcesResult: awaits && !stdinLines,
            durability: replicas.map { .replicated(to: $0, within: replicaTimeout ?? .seconds(1)) } ?? .acknowledged
        )
    }

    private func singlePayload(limit: Int) async throws -> [UInt8] {
        guard let payloadFile else { return RawArguments.bytes(of: payload ?? "") }
        return try await PayloadFile(path: payloadFile).read(limit: limit)
    }

    private func validate(_ bytes: [UInt8], _ limits: TaskLimits) throws {
        _ = try PublishRequest.validate(
            [PublishRequest(payload: bytes, options: options)],
            limits: limits,
            date: Date()
        )
    }
}
