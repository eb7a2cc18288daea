import Dispatch
#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif
import Synchronization

/// One thread of our own that runs timers, and the asynchronous code that renews leases and reports results.
///
/// Swift's cooperative pool has as many threads as there are cores; handlers that block them all would otherwise
/// hold up renewals until leases are lost.
public final class ControlThread: TaskExecutor, TimeSource {
    fileprivate struct State {
        var jobs: [UnownedJob] = []
        var timers = TimerQueue()
        var isAsleep = false
    }

    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)

    /// The thread that all dispatchers and backends of the process share. It starts on first use and never ends.
    public static let shared = ControlThread()

    private init() {
        OwnThread.start(name: "bellows-control") { [self] in run() }
    }

    /// The monotonic clock, which counts suspended time.
    public var now: ContinuousClock.Instant { ContinuousClock.now }
    /// The wall clock.
    public var date: Date { Date() }

    /// Calls `action` on this thread at `instant`.
    public func schedule(at instant: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) -> TimerToken {
        let (token, mustWake) = state.withLock { state in
            let token = state.timers.add(at: instant, action)
            return (token, state.takeSleep())
        }
        if mustWake { wakeUp.signal() }
        return token
    }

    /// Forgets a timer.
    public func cancel(_ token: TimerToken) {
        state.withLock { $0.timers.cancel(token) }
    }

    /// Runs a job of Swift's concurrency runtime on this thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustWake = state.withLock { state in
            state.jobs.append(job)
            return state.takeSleep()
        }
        if mustWake { wakeUp.signal() }
    }

    private func run() {
        let executor = asUnownedTaskExecutor()
        while true {
            let (jobs, actions, next) = state.withLock { state in
                let jobs = state.jobs
                state.jobs.removeAll(keepingCapacity: true)
                let next = state.timers.nextInstant()
                let actions = next.map { $0 <= now } == true ? state.timers.takeDue(at: now) : []
                state.isAsleep = jobs.isEmpty && actions.isEmpty
                return (jobs, actions, next)
            }
            for action in actions { action() }
            for job in jobs { job.runSynchronously(on: executor) }
            guard jobs.isEmpty, actions.isEmpty else { continue }
            if let next {
                let wait = max(.zero, next - now)
                _ = wakeUp.wait(timeout: .now() + .nanoseconds(Int(min(wait, .seconds(3600)).inSeconds * 1e9) + 1))
            } else {
                wakeUp.wait()
            }
        }
    }
}

extension ControlThread {
    /// The executor of Swift's own pool, for handlers.
    package static var handlerExecutor: any TaskExecutor { globalConcurrentExecutor }
}

extension ControlThread.State {
    /// Whether the thread slept, in which case the caller wakes it.
    mutating func takeSleep() -> Bool {
        defer { isAsleep = false }
        return isAsleep
    }
}
