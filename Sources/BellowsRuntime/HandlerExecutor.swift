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
    }

    package static let shared = HandlerExecutor()

    private let state: Mutex<State>

    package init(width: Int = ProcessInfo.processInfo.activeProcessorCount) {
        state = Mutex(State(turns: HandlerSlots(width: width)))
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
        let (need, lone) = state.withLock { state in
            let need = change(&state)
            return (need, need == .lone ? state.jobs.popFirst() : nil)
        }
        switch need {
        case .nothing: break
        case .lone: if let lone { globalConcurrentExecutor.enqueue(ExecutorJob(lone)) }
        case .turns(let count): startTurns(count)
        case .watch: watch()
        }
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
