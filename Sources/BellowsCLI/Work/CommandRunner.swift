import Bellows
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Runs the command for one task after the other, several at a time.
struct CommandRunner: Sendable {
    /// What becomes of the command's standard output.
    enum Output: Sendable {
        /// It is the result.
        case result
        /// It goes to ours.
        case passed
    }

    /// The path of the command's file.
    let path: [UInt8]
    /// The command's name as it was given, and its arguments.
    let words: [[UInt8]]
    let environment: ProcessEnvironment
    let output: Output
    let limits: TaskLimits
    /// How long a command that is stopped may take to end.
    let grace: Duration
    let groups: CommandGroups

    /// When the program itself is about to end, it does not wait longer than this: the dispatcher gives its tasks back
    /// half a second after it has cancelled them.
    private static let shutdownKillDelay = Duration.milliseconds(350)

    /// For how long a host that can start no command keeps a task before it gives it back. Meanwhile it claims no other
    /// one in its place, so it does not go through a whole queue.
    private static let hostPatience = Duration.seconds(5)

    private static let gate = StartGate(width: HostProblem.startsAtOnce)

    /// Runs the command for one task.
    ///
    /// - Parameters:
    ///   - payload: what it finds on its standard input.
    ///   - context: the task.
    /// - Returns: the result.
    /// - Throws: what becomes of the task instead; `CancellationError` if the command was stopped; `TaskGivenBack` if
    ///   this host cannot start it.
    func run(_ payload: [UInt8], _ context: TaskContext) async throws -> [UInt8] {
        let end = ContinuousClock.now + Self.hostPatience
        while true {
            do {
                return try await runOnce(payload, context)
            } catch let problem as HostProblem {
                problem.note()
                guard ContinuousClock.now < end else { throw TaskGivenBack() }
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func runOnce(_ payload: [UInt8], _ context: TaskContext) async throws -> [UInt8] {
        let group = groups.make()
        // A task of its own: swift-subprocess, were it cancelled, would kill the first process and spare the rest of
        // its group. Stopping is the group's business.
        let running = Task { try await execute(payload, context, group) }
        let exit = try await withTaskCancellationHandler {
            try await running.value
        } onCancel: {
            group.stop(killAfter: context.isShuttingDown ? Self.shutdownKillDelay : grace)
        }
        if Task.isCancelled, exit.status != .exited(0) { throw CancellationError() }
        return try exit.result(attempt: context.attempt, limits: limits)
    }

    private func execute(_ payload: [UInt8], _ context: TaskContext, _ group: CommandGroup) async throws -> CommandExit
    {
        do {
            return try await spawn(payload, context, group)
        } catch  where !group.hasStarted && !(error is HostProblem) {
            throw HostProblem(error, path: path)
        }
    }

    private func spawn(_ payload: [UInt8], _ context: TaskContext, _ group: CommandGroup) async throws -> CommandExit {
        defer { group.ended() }
        let place = await Self.gate.enter()
        // swift-subprocess 1.0.2 ends this process, or loses descriptors, when it gets none in the middle of a start.
        try HostProblem.checkDescriptors()
        let input = ClosingDescriptor(try PayloadDescriptor.open(payload))
        var options = PlatformOptions()
        options.processGroupID = 0
        let outcome = try await Subprocess.run(
            .path(FilePath(String(decoding: path, as: UTF8.self))),
            arguments: arguments,
            environment: variables(context),
            platformOptions: options,
            input: .fileDescriptor(FileDescriptor(rawValue: input.number), closeAfterSpawningProcess: false),
            output: .sequence,
            error: .sequence
        ) { execution in
            group.started(execution.processIdentifier.value)
            HostProblem.clear()
            input.close()
            place.leave()
            async let errors = collectErrors(execution.standardError)
            let output = try await collectOutput(execution.standardOutput, group)
            return (output, try await errors)
        }
        let (bytes, errors) = outcome.closureResult
        switch outcome.terminationStatus {
        case .exited(let code): return CommandExit(status: .exited(code), output: bytes, errors: errors)
        case .signaled(let number): return CommandExit(status: .signaled(number), output: bytes, errors: errors)
        }
    }

    /// - Returns: nil if it is more than a result may have; the command is then stopped.
    private func collectOutput(_ stream: SubprocessOutputSequence, _ group: CommandGroup) async throws -> [UInt8]? {
        var collected: [UInt8]? = []
        for try await buffer in stream {
            let bytes = buffer.withUnsafeBytes { Array($0) }
            switch output {
            case .passed: await ByteSink.standardOutput.pass(bytes)
            case .result:
                if let count = collected?.count, count + bytes.count <= limits.result {
                    collected?.append(contentsOf: bytes)
                } else if collected != nil {
                    collected = nil
                    group.stop(killAfter: grace)
                }
            }
        }
        return collected
    }

    /// Passes standard error on.
    ///
    /// - Returns: its end.
    private func collectErrors(_ stream: SubprocessOutputSequence) async throws -> [UInt8] {
        var tail = TailBuffer(limit: limits.errorText)
        for try await buffer in stream {
            let bytes = buffer.withUnsafeBytes { Array($0) }
            tail.append(bytes)
            await ByteSink.standardError.offer(bytes)
        }
        return tail.bytes
    }

    private var arguments: Subprocess.Arguments {
        let words = words.map { $0 + [0] }
        return Arguments(executablePathOverride: words.first, remainingValues: Array(words.dropFirst()))
    }

    private func variables(_ context: TaskContext) -> Subprocess.Environment {
        let environment = environment.replacing([
            ("BELLOWS_TASK_ID", context.id.rawValue),
            ("BELLOWS_TASK_NAME", context.name.rawValue),
            ("BELLOWS_ATTEMPT", String(context.attempt)),
        ])
        return .custom(environment.entries.map { $0 + [0] })
    }
}
