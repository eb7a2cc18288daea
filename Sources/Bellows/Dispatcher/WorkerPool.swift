import BellowsRuntime
import Synchronization

/// Runs attempts on Swift tasks that are kept for the next attempt when one ends: making and ending a Swift task for
/// each attempt costs more than everything else that an attempt of no work needs.
final class WorkerPool: Sendable {
    /// One attempt, as the dispatcher hands it over.
    struct Attempt: Sendable {
        let slot: SlotID
        let handler: TaskHandler
        let resolver: AttemptResolver
        let task: ClaimedTask
        let context: TaskContext
    }

    /// One Swift task, and what it runs.
    final class Runner: Sendable {
        private struct State {
            var task: Task<Void, Never>?
            /// The attempt that it runs; nil in between.
            var slot: SlotID?
            var isCancelled = false
        }

        private let state = Mutex(State())

        /// Cancels an attempt; nothing happens if it has ended.
        func cancel(_ slot: SlotID) {
            state.withLock { state in
                guard state.slot == slot else { return }
                state.isCancelled = true
                state.task?.cancel()
            }
        }

        fileprivate func begin(_ slot: SlotID, _ makeTask: (() -> Task<Void, Never>)? = nil) {
            state.withLock { state in
                state.slot = slot
                if let makeTask { state.task = makeTask() }
            }
        }

        /// Ends the attempt.
        ///
        /// - Returns: whether the task may run another one. A task that was cancelled stays so.
        fileprivate func end() -> Bool {
            state.withLock { state in
                state.slot = nil
                return !state.isCancelled
            }
        }
    }

    private struct State {
        var idle: [(runner: Runner, waiting: UnsafeContinuation<Attempt?, Never>)] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let time: any TimeSource
    private let ended: @Sendable (SlotID, AttemptReport) -> Void

    /// Makes an empty pool.
    ///
    /// - Parameters:
    ///   - time: tells reports the date.
    ///   - ended: takes the report of each attempt, on the attempt's thread.
    init(time: any TimeSource, ended: @escaping @Sendable (SlotID, AttemptReport) -> Void) {
        self.time = time
        self.ended = ended
    }

    /// Starts an attempt.
    func start(_ attempt: Attempt) -> Runner {
        if let (runner, waiting) = state.withLock({ $0.idle.popLast() }) {
            runner.begin(attempt.slot)
            waiting.resume(returning: attempt)
            return runner
        }
        let runner = Runner()
        runner.begin(attempt.slot) {
            Task(executorPreference: HandlerExecutor.shared) { await self.run(attempt, on: runner) }
        }
        return runner
    }

    /// Ends the idle tasks, and each other one after its attempt.
    func close() {
        let idle = state.withLock { state in
            defer { state.idle = [] }
            state.isClosed = true
            return state.idle
        }
        for (_, waiting) in idle { waiting.resume(returning: nil) }
    }

    private func run(_ first: Attempt, on runner: Runner) async {
        var next: Attempt? = first
        while let attempt = next {
            let result = await attempt.handler.attempt(attempt.task, attempt.context)
            var random = SystemRandomNumberGenerator()
            let report = attempt.resolver.report(on: attempt.task, result, date: time.date, using: &random)
            let slot = attempt.slot
            guard runner.end() else { return ended(slot, report) }
            next = await withUnsafeContinuation { waiting in
                // Idle first, so that the attempt which follows this one finds it.
                park(runner, waiting)
                ended(slot, report)
            }
        }
    }

    private func park(_ runner: Runner, _ waiting: UnsafeContinuation<Attempt?, Never>) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.idle.append((runner, waiting)) }
            return state.isClosed
        }
        if isClosed { waiting.resume(returning: nil) }
    }
}
