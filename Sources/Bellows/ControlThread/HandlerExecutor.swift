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
final class HandlerExecutor: TaskExecutor {
    /// A turn makes way for the pool's other work after so many jobs, or when it has taken so long.
    private static let jobsPerTurn = 16
    private static let timePerTurn = Duration.milliseconds(1)
    /// Jobs that have waited for so long behind turns that are inside others get one of their own.
    private static let patience = Duration.milliseconds(1)

    private struct State {
        var jobs: Deque<UnownedJob> = []
        /// Turns that were handed to the pool and have not ended.
        var turns = 0
        /// Those of them that are inside a job, which may block its thread for as long as it likes.
        var busyTurns = 0
        /// Whether jobs are collected only.
        var isHeld = false
        /// Whether somebody looks in a moment whether jobs still wait.
        var isWatched = false
    }

    static let shared = HandlerExecutor()

    private let state = Mutex(State())
    private let width = ProcessInfo.processInfo.activeProcessorCount

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        handOver { $0.jobs.append(job) }
    }

    /// Hands over what `body` starts when it has returned. Not nested.
    func together(_ body: () -> Void) {
        state.withLock { $0.isHeld = true }
        body()
        handOver { $0.isHeld = false }
    }

    /// What the pool has to be given.
    private enum Need {
        case nothing
        /// Alone a job gets there sooner without a turn around it.
        case lone(UnownedJob)
        case turns(Int)
        /// Turns are there, but they may be inside jobs that take long.
        case watch
    }

    /// Changes the state, and hands to the pool what it needs then.
    private func handOver(_ change: (inout State) -> Void) {
        let need = state.withLock { state -> Need in
            change(&state)
            guard !state.isHeld, !state.jobs.isEmpty else { return .nothing }
            if state.jobs.count == 1, state.turns == 0, let job = state.jobs.popFirst() { return .lone(job) }
            let turns = min(width, state.jobs.count) - state.turns
            guard turns <= 0 else {
                state.turns += turns
                return .turns(turns)
            }
            guard !state.isWatched, state.turns < width else { return .nothing }
            state.isWatched = true
            return .watch
        }
        switch need {
        case .nothing: break
        case .lone(let job): globalConcurrentExecutor.enqueue(ExecutorJob(job))
        case .turns(let count): startTurns(count)
        case .watch: watch()
        }
    }

    /// Looks a little later whether jobs are held up by those that turns are inside of. Most turns get to the next job
    /// in no time, and another thread that was woken for it would come in vain.
    private func watch() {
        let time = ControlThread.shared
        _ = time.schedule(at: time.now + Self.patience) { [self] in
            let (turns, goesOn) = state.withLock { state in
                let idle = state.turns - state.busyTurns
                let turns = max(0, min(width - state.turns, state.jobs.count - idle))
                state.turns += turns
                state.isWatched = !state.jobs.isEmpty && state.turns < width
                return (turns, state.isWatched)
            }
            startTurns(turns)
            if goesOn { watch() }
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
            if isAfterJob { state.busyTurns -= 1 }
            if state.jobs.isEmpty { state.turns -= 1 }
            return !state.jobs.isEmpty
        }
        if goesOn { startTurns(1) }
    }

    /// What a turn does next; nil if there is nothing, and the turn is over.
    private func nextJob(isAfterJob: Bool) -> UnownedJob? {
        state.withLock { state in
            if isAfterJob { state.busyTurns -= 1 }
            guard let job = state.jobs.popFirst() else {
                state.turns -= 1
                return nil
            }
            state.busyTurns += 1
            return job
        }
    }
}
