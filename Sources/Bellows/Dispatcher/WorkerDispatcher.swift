import BellowsRuntime
public import Logging
import Synchronization

#if ServiceLifecycle
    public import ServiceLifecycle
#endif

/// Claims tasks of several definitions and runs their handlers, a bounded number at once, until it is drained.
///
/// It is driven by events: signals of the backend, answers, and timers for what becomes due. It never polls. What is
/// claimed, and the stages of a drain, are decided by `DispatcherStateMachine`.
public final class WorkerDispatcher: Sendable {
    private let backend: any Backend
    private let handlers: [TaskHandler]
    private let configuration: DispatcherConfiguration
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        var mailbox: EventMailbox<DispatcherEvent>?
        /// A drain that was asked for before the run began.
        var isDrainWanted = false
        var board: DispatcherVitals.HealthBoard?
    }

    /// Makes a dispatcher; nothing happens before ``run()``.
    ///
    /// - Parameters:
    ///   - backend: where the tasks are.
    ///   - handlers: one for each definition.
    ///   - configuration: how many tasks at once, and how long leases last.
    ///   - logger: where to log; nil logs nothing.
    public convenience init(
        _ backend: any Backend,
        handlers: TaskHandler...,
        configuration: DispatcherConfiguration = DispatcherConfiguration(),
        logger: Logger? = nil
    ) {
        self.init(backend, handlers: handlers, configuration: configuration, logger: logger)
    }

    /// Makes a dispatcher; nothing happens before ``run()``.
    ///
    /// - Parameters:
    ///   - backend: where the tasks are.
    ///   - handlers: one for each definition.
    ///   - configuration: how many tasks at once, and how long leases last.
    ///   - logger: where to log; nil logs nothing.
    public init(
        _ backend: any Backend,
        handlers: [TaskHandler],
        configuration: DispatcherConfiguration = DispatcherConfiguration(),
        logger: Logger? = nil
    ) {
        self.backend = backend
        self.handlers = handlers
        self.configuration = configuration
        self.logger = logger ?? .silent
    }

    /// Claims and processes tasks until the dispatcher is drained or the surrounding Swift task is cancelled.
    ///
    /// A graceful shutdown of the surrounding service group drains: no more claims, running tasks get
    /// ``DispatcherConfiguration/shutdownGrace``, then they are cancelled and given back without counting the attempt.
    /// Cancellation gives everything back at once.
    ///
    /// - Throws: ``BellowsError/Code/invalidConfiguration`` or ``BellowsError/Code/invalidInput`` for handlers that cannot
    ///   work, ``BellowsError/Code/alreadyRunning``, ``BellowsError/Code/closed`` if the backend is closed, and
    ///   ``BellowsError/Code/layoutMismatch`` if the store has another number of partitions for a definition. A store
    ///   that cannot be reached is no error: the dispatcher waits for it.
    public func run() async throws(BellowsError) {
        let mailbox = EventMailbox<DispatcherEvent>()
        let board = DispatcherVitals.HealthBoard()
        board.put(DispatcherVitals(phase: .starting))
        let parts = try checkedParts()
        let run = DispatcherSession(
            backend: backend,
            forwarding: backend.capability((any WakeUpForwarding).self),
            handlers: zip(handlers, parts).flatMap { handler, parts in parts.names.map { _ in handler } },
            names: parts.flatMap(\.names),
            configuration: configuration,
            logger: logger,
            mailbox: mailbox,
            board: board
        )
        try state.withLock { state throws(BellowsError) in
            guard state.mailbox == nil else { throw BellowsError.alreadyRunning }
            state.mailbox = mailbox
            state.board = board
            if state.isDrainWanted { mailbox.post(.drain) }
        }
        defer {
            // What it has done may be asked for until the next run.
            board.stop()
            state.withLock { $0 = State(board: board) }
        }
        let guardian = PartitionCountVerifier(backend, zip(handlers, parts).filter { $0.0.kind == .published }.map(\.1))
        guardian.start { mailbox.post(.stop) }
        defer { guardian.end() }
        let result = await withTaskCancellationHandler {
            #if ServiceLifecycle
                await withGracefulShutdownHandler {
                    await Result(calling: { () async throws(BellowsError) in try await run.run() })
                } onGracefulShutdown: {
                    mailbox.post(.drain)
                }
            #else
                await Result(calling: { () async throws(BellowsError) in try await run.run() })
            #endif
        } onCancel: {
            mailbox.post(.stop)
        }
        try result.get()
        if let mismatch = guardian.mismatch { throw mismatch }
    }

    /// Asks the dispatcher to drain, and returns at once; ``run()`` returns when it is done. Before a run it makes the
    /// next run end at once.
    public func beginDrain() {
        let mailbox = state.withLock { state in
            state.isDrainWanted = true
            return state.mailbox
        }
        mailbox?.post(.drain)
    }

    /// How it is doing.
    ///
    /// It asks the dispatcher's own thread, so it does not return while that is stuck: give it a time limit, and take
    /// its absence for a sign that the process should be restarted.
    ///
    /// - Returns: what is known at this moment.
    public func health() async -> DispatcherHealth {
        await Task(executorPreference: EventLoop.shared) {}.value
        let vitals = state.withLock(\.board)?.current ?? DispatcherVitals()
        let gap = backend.capability((any SignalGapReporting).self)?.signalGap()
        let isRunning = vitals.phase != .stopped
        return DispatcherHealth(
            vitals,
            now: MonotonicInstant(backend.timeSource.now),
            signalsMissingFor: isRunning ? gap : nil
        )
    }

    /// Starts ``run()`` in a task of its own.
    ///
    /// - Returns: a handle that drains or cancels it.
    public func launch() -> RunningDispatcher {
        RunningDispatcher(
            dispatcher: self,
            task: Task { await Result(calling: { () async throws(BellowsError) in try await run() }) }
        )
    }

    private func checkedParts() throws(BellowsError) -> [TaskPartitions] {
        guard !handlers.isEmpty else { throw BellowsError.noHandlers }
        guard (1...1_000_000).contains(configuration.maximumConcurrentTasks) else {
            throw BellowsError.maximumConcurrentTasks(configuration.maximumConcurrentTasks)
        }
        try LeasePolicy.validate(configuration.lease.duration)
        guard configuration.shutdownGrace >= .zero, configuration.shutdownGrace <= .seconds(86400) else {
            throw BellowsError.shutdownGrace(configuration.shutdownGrace)
        }
        try backend.limits.validate()
        var seen: Set<TaskName> = []
        return try handlers.map { handler throws(BellowsError) in
            let parts = try handler.partitions()
            // A part may also be named by itself.
            for name in parts.names where !seen.insert(name).inserted {
                throw BellowsError.duplicateHandler(name.rawValue)
            }
            return parts
        }
    }
}

#if ServiceLifecycle
    extension WorkerDispatcher: Service {}
#endif
