import Synchronization

/// Runs handlers on Swift's own pool.
///
/// Workers that start together are handed over together: handed over one by one, each would wake a thread of the pool,
/// which runs it and sleeps again before the next one comes.
final class HandlerExecutor: TaskExecutor {
    private let held = Mutex<[UnownedJob]?>(nil)

    static let shared = HandlerExecutor()

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isHeld = held.withLock { held in
            held?.append(job)
            return held != nil
        }
        if !isHeld { globalConcurrentExecutor.enqueue(ExecutorJob(job)) }
    }

    /// Hands over what `body` starts when it has returned. Not nested.
    func together(_ body: () -> Void) {
        held.withLock { $0 = $0 ?? [] }
        body()
        let jobs = held.withLock { held in
            defer { held = nil }
            return held ?? []
        }
        for job in jobs { globalConcurrentExecutor.enqueue(ExecutorJob(job)) }
    }
}
