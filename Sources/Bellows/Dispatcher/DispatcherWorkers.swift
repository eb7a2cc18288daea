import BellowsRuntime
import Logging
import Synchronization

/// The running workers of one run of a dispatcher, and what is done to them. Belongs to the loop.
struct DispatcherWorkers {
    private struct Running {
        let runner: WorkerPool.Runner
        let live: TaskContext.Live
        let attempt: Int
    }

    private let handlers: [TaskHandler]
    private let resolvers: [AttemptResolver]
    private let logger: Logger
    private let pool: WorkerPool
    private var running: [SlotID: Running] = [:]
    private var isShuttingDown = false

    /// No workers yet.
    ///
    /// - Parameters:
    ///   - handlers: of all definitions.
    ///   - resolvers: of the same definitions.
    ///   - logger: where handlers log, and what becomes of leases is told.
    ///   - time: tells reports the date.
    ///   - ended: takes the report of each attempt, on the attempt's thread.
    init(
        _ handlers: [TaskHandler],
        _ resolvers: [AttemptResolver],
        logger: Logger,
        time: any TimeSource,
        ended: @escaping @Sendable (SlotID, AttemptReport) -> Void
    ) {
        self.handlers = handlers
        self.resolvers = resolvers
        self.logger = logger
        pool = WorkerPool(time: time, ended: ended)
    }

    /// Starts all workers that one turn wants, with one wake-up of the threads.
    mutating func start(_ actions: [DispatcherAction]) {
        HandlerExecutor.shared.together {
            for case .start(let slot, let task, let index, let deadline) in actions {
                let live = TaskContext.Live(deadline: deadline, isShuttingDown: isShuttingDown)
                let attempt = WorkerPool.Attempt(
                    slot: slot,
                    handler: handlers[index],
                    resolver: resolvers[index],
                    task: task,
                    context: TaskContext(task: task, logger: logger, live: live)
                )
                running[slot] = Running(runner: pool.start(attempt), live: live, attempt: task.attempt)
            }
        }
    }

    /// Does what is to be done to one running worker, or to all of them.
    mutating func perform(_ action: WorkerAction) {
        switch action {
        case .cancel(let slot, let cause):
            running[slot]?.live.state.withLock { $0.cancellation = cause }
            running[slot]?.runner.cancel(slot)
        case .extended(let slot, let deadline): running[slot]?.live.state.withLock { $0.deadline = deadline }
        case .overrun(let slot, let lease):
            let cause = running[slot]?.live.state.withLock(\.cancellation) ?? .leaseLost
            logger.warnOfOverrun(of: lease, attempt: running[slot]?.attempt, cause)
        case .retired(let slot, let retirement, let lease):
            // On a line of its own: as an argument it would copy the whole dictionary, which the call holds too.
            let worker = running.removeValue(forKey: slot)
            log(retirement, lease, attempt: worker?.attempt)
        case .announceShutdown:
            isShuttingDown = true
            for worker in running.values { worker.live.state.withLock { $0.isShuttingDown = true } }
        }
    }

    /// Ends the idle tasks of the pool.
    func close() {
        pool.close()
    }

    private func log(_ retirement: LeaseStateMachine.Retirement, _ lease: Lease, attempt: Int?) {
        let message: Logger.Message
        switch retirement {
        case .reported: return
        case .leaseLost: message = "lease lost; the attempt's outcome is discarded"
        case .outcomeUnknown: message = "attempt was reported before without an answer, or its lease was lost"
        case .unreported: message = "attempt could not be reported; its lease will end by itself"
        }
        logger.warn(message, about: lease, attempt: attempt)
    }
}
