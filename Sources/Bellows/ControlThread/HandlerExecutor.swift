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

    private struct State {
        var jobs: Deque<UnownedJob> = []
        /// Turns that were handed to the pool and have not ended.
        var turns = 0
        /// Whether jobs are collected only.
        var isHeld = false
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

    /// Changes the state, and hands to the pool what it needs then.
    private func handOver(_ change: (inout State) -> Void) {
        let (lone, turns) = state.withLock { state -> (UnownedJob?, Int) in
            change(&state)
            guard !state.isHeld else { return (nil, 0) }
            // Alone it gets there sooner without a turn around it.
            if state.jobs.count == 1, state.turns == 0 { return (state.jobs.popFirst(), 0) }
            let turns = max(0, min(width, state.jobs.count) - state.turns)
            state.turns += turns
            return (nil, turns)
        }
        if let lone { globalConcurrentExecutor.enqueue(ExecutorJob(lone)) }
        startTurns(turns)
    }

    private func startTurns(_ count: Int) {
        for _ in 0..<count { Task.detached { self.turn() } }
    }

    private func turn() {
        let executor = asUnownedTaskExecutor()
        let end = ContinuousClock.now + Self.timePerTurn
        for _ in 0..<Self.jobsPerTurn where ContinuousClock.now < end {
            let job = state.withLock { state -> UnownedJob? in
                if let job = state.jobs.popFirst() { return job }
                state.turns -= 1
                return nil
            }
            guard let job else { return }
            job.runSynchronously(on: executor)
        }
        startTurns(1)
    }
}
