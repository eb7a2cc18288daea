import DequeModule
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Runs handlers on Swift's own pool, several in one of the pool's turns.
///
/// Handed to the pool one by one, each handler that starts would wake a thread of the pool, which runs it and sleeps
/// again before the next one comes. Here they wait in one queue, and as many turns of the pool take from it as the pool
/// has threads. A handler that blocks its thread holds up only its own turn, as it would without us.
package final class HandlerExecutor: TaskExecutor {
    /// A turn makes way for the pool's other work after so many jobs, or when it has taken so long.
    private static let jobsPerTurn = 16
    private static let timePerTurn = Duration.milliseconds(1)
    /// Jobs that have waited for so long behind turns that are inside others get one of their own.
    private static let patience = Duration.milliseconds(1)

    private struct State {
        var jobs: Deque<UnownedJob> = []
        var turns: HandlerSlots
        /// Swift tasks that wait for a lone job, because making one for each costs more than the rest.
        var idleRunners: [UnsafeContinuation<UnownedJob?, Never>] = []
    }

    package static let shared = HandlerExecutor()

    private let state: Mutex<State>
    private let width: Int
    /// How many lone jobs are on a thread.
    private let loneJobs = Atomic(0)

    package init(width: Int = ProcessInfo.processInfo.activeProcessorCount) {
        self.width = width
        state = Mutex(State(turns: HandlerSlots(width: width)))
    }

    /// Whether handlers are inside jobs on as many threads as the pool has.
    package var holdsAllThreads: Bool {
        state.withLock { $0.turns.busyTurns } + loneJobs.load(ordering: .relaxed) >= width
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        handOver { state in
            state.jobs.append(job)
            return state.turns.added(waiting: state.jobs.count)
        }
    }

    /// Hands over what `body` starts when it has returned. Not nested.
    package func together(_ body: () -> Void) {
        state.withLock { $0.turns.hold() }
        body()
        handOver { $0.turns.release(waiting: $0.jobs.count) }
    }

    /// Changes the state, and hands to the pool what it needs then.
    private func handOver(_ change: (inout State) -> HandlerSlots.Need) {
        var lone: UnownedJob?
        var runner: UnsafeContinuation<UnownedJob?, Never>?
        let need = state.withLock { state in
            let need = change(&state)
            if need == .lone {
                lone = state.jobs.popFirst()
                runner = state.idleRunners.popLast()
            }
            return need
        }
        switch need {
        case .nothing: break
        case .lone: if let lone { start(lone, runner) }
        case .turns(let count): startTurns(count)
        case .watch: watch()
        }
    }

    private func start(_ lone: UnownedJob, _ runner: UnsafeContinuation<UnownedJob?, Never>?) {
        guard let runner else {
            Task.detached { await self.runLoneJobs(lone) }
            return
        }
        runner.resume(returning: lone)
    }

    /// Runs one lone job after the other, on whichever thread of the pool is free.
    private func runLoneJobs(_ first: UnownedJob) async {
        var next: UnownedJob? = first
        while let job = next {
            run(job)
            next = await withUnsafeContinuation { continuation in
                let isKept = state.withLock { state in
                    guard state.idleRunners.count < width else { return false }
                    state.idleRunners.append(continuation)
                    return true
                }
                if !isKept { continuation.resume(returning: nil) }
            }
        }
    }

    private func run(_ loneJob: UnownedJob) {
        loneJobs.add(1, ordering: .relaxed)
        loneJob.runSynchronously(on: asUnownedTaskExecutor())
        loneJobs.subtract(1, ordering: .relaxed)
    }

    private func watch() {
        let time = EventLoop.shared
        _ = time.addTimer(at: time.now + Self.patience) { [self] in
            let (more, again) = state.withLock { $0.turns.looked(waiting: $0.jobs.count) }
            startTurns(more)
            if again { watch() }
        }
    }

    private func startTurns(_ count: Int) {
        for _ in 0..<count { Task.detached { self.turn() } }
    }

    private func turn() {
        let executor = asUnownedTaskExecutor()
        let end = ContinuousClock.now + Self.timePerTurn
        var isAfterJob = false
        for _ in 0..<Self.jobsPerTurn where ContinuousClock.now < end {
            guard let job = nextJob(isAfterJob: isAfterJob) else { return }
            isAfterJob = true
            job.runSynchronously(on: executor)
        }
        let goesOn = state.withLock { state in
            if isAfterJob { state.turns.left() }
            if state.jobs.isEmpty { state.turns.ended() }
            return !state.jobs.isEmpty
        }
        if goesOn { startTurns(1) }
    }

    /// What a turn does next; nil if there is nothing, and the turn is over.
    private func nextJob(isAfterJob: Bool) -> UnownedJob? {
        state.withLock { state in
            if isAfterJob { state.turns.left() }
            guard let job = state.jobs.popFirst() else {
                state.turns.ended()
                return nil
            }
            state.turns.entered()
            return job
        }
    }
}
