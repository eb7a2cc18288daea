import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// One thread of our own for everything that must not wait for Swift's cooperative pool: timers, the asynchronous code
/// that claims, renews and reports, and the sockets of backends.
///
/// The pool has as many threads as there are cores; handlers that block them all would otherwise hold up renewals until
/// leases are lost. Sockets live here too, because every change of threads between a signal and its claim costs more than
/// the claim itself.
public final class ControlThread: TaskExecutor, TimeSource {
    fileprivate struct State {
        var jobs: [UnownedJob] = []
        var timers = TimerQueue()
        var additions: [(group: IOGroup, make: @Sendable () -> any IOEndpoint)] = []
        var endedGroups: [IOGroup] = []
    }

    private let state = Mutex(State())
    private let isAsleep = Atomic(false)
    private let pipe = WakePipe()

    /// The thread that all dispatchers and backends of the process share. It starts on first use and never ends.
    public static let shared = ControlThread()

    private init() {
        OwnThread.start(name: "bellows") { [self] in run() }
    }

    /// The monotonic clock, which counts suspended time.
    public var now: ContinuousClock.Instant { ContinuousClock.now }
    /// The wall clock.
    public var date: Date { Date() }

    /// Calls `action` on this thread at `instant`.
    public func schedule(
        at instant: ContinuousClock.Instant,
        _ action: @escaping @Sendable () -> Void
    ) -> TimerToken {
        let token = state.withLock { $0.timers.add(at: instant, action) }
        wake()
        return token
    }

    /// Forgets a timer.
    public func cancel(_ token: TimerToken) {
        state.withLock { $0.timers.cancel(token) }
    }

    /// Runs a job of Swift's concurrency runtime on this thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        wake()
    }

    /// Adds an endpoint, which is made on this thread and stays here.
    ///
    /// - Parameters:
    ///   - group: whom it belongs to, for ``end(_:)``.
    ///   - make: makes the endpoint.
    package func add(to group: IOGroup, _ make: @escaping @Sendable () -> any IOEndpoint) {
        state.withLock { $0.additions.append((group, make)) }
        wake()
    }

    /// Ends all endpoints of a group.
    package func end(_ group: IOGroup) {
        state.withLock { $0.endedGroups.append(group) }
        wake()
    }

    /// Lets endpoints look at their news. Costs a system call only if the thread sleeps.
    ///
    /// Whoever leaves news does so before this call; the thread declares that it sleeps before it looks for news. So one
    /// of the two always sees the other.
    package func wake() {
        if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { pipe.signal() }
    }

    /// How often jobs that jobs leave are run before the sockets have their turn.
    private static let maximumRounds = 16

    private func run() {
        let executor = asUnownedTaskExecutor()
        var endpoints = IOEndpoints()
        while true {
            // A job often leaves another one for this thread. Running those at once spares a look at the sockets for each;
            // the bound keeps jobs without end from starving the sockets.
            for _ in 0..<Self.maximumRounds {
                let news = state.withLock { $0.takeNews(at: now) }
                for addition in news.additions { endpoints.add(addition.make(), to: addition.group) }
                for group in news.endedGroups { endpoints.end(group, now: now) }
                for action in news.actions { action() }
                for job in news.jobs { job.runSynchronously(on: executor) }
                if news.jobs.isEmpty { break }
            }
            endpoints.turn(now: now)

            isAsleep.store(true, ordering: .sequentiallyConsistent)
            let (hasNews, next) = state.withLock { ($0.hasNews, $0.timers.nextInstant()) }
            let wasSignalled = endpoints.wait(until: hasNews ? .now : next, pipe: pipe)
            isAsleep.store(false, ordering: .sequentiallyConsistent)
            // A signal may come late, after something else has ended the wait it was meant for. Left in the pipe it would
            // end every later wait at once; taken out it costs nothing, because news is looked for after each wait.
            if wasSignalled { pipe.drain() }
            endpoints.handleReadySockets(now: now)
        }
    }
}

extension ControlThread.State {
    /// What other threads have left, and the timers that are due.
    fileprivate struct News {
        var jobs: [UnownedJob]
        var actions: [@Sendable () -> Void]
        var additions: [(group: IOGroup, make: @Sendable () -> any IOEndpoint)]
        var endedGroups: [IOGroup]
    }

    fileprivate var hasNews: Bool { !jobs.isEmpty || !additions.isEmpty || !endedGroups.isEmpty }

    fileprivate mutating func takeNews(at now: ContinuousClock.Instant) -> News {
        let isDue = timers.nextInstant().map { $0 <= now } ?? false
        defer {
            jobs = []
            additions = []
            endedGroups = []
        }
        return News(
            jobs: jobs,
            actions: isDue ? timers.takeDue(at: now) : [],
            additions: additions,
            endedGroups: endedGroups
        )
    }
}

extension ControlThread {
    /// The executor of Swift's own pool, for handlers.
    package static var handlerExecutor: any TaskExecutor { globalConcurrentExecutor }
}
