import Synchronization

/// One thread of our own for everything that must not wait for Swift's cooperative pool: timers, the asynchronous code
/// that claims, renews and reports, and the sockets of backends.
///
/// The pool has as many threads as there are cores; handlers that block them all would otherwise hold up renewals until
/// leases are lost. Sockets live here too, because every change of threads between a signal and its claim costs more
/// than the claim itself.
///
/// A turn: what other threads have left, jobs of Swift's runtime, what was left for the end of the turn, then one send
/// for each socket.
package final class EventLoop: TaskExecutor {
    private let state = Mutex(EventLoopInbox())
    /// Whether something was left since the thread last looked.
    private let hasNews = Atomic(false)
    private let isAsleep = Atomic(false)
    private let pipe = WakePipe()

    /// The thread that all dispatchers and backends of the process share. It starts on first use and never ends.
    package static let shared = EventLoop()

    private init() {
        // Without this thread the library can do nothing at all, and the caller cannot help it.
        let isStarted = OwnThread.start(name: "bellows") { [self] in run() }
        precondition(isStarted, "bellows: no thread can be started for the event loop")
    }

    /// The monotonic clock, which counts suspended time.
    package var now: ContinuousClock.Instant { ContinuousClock.now }

    /// Calls `action` on this thread at `instant`.
    ///
    /// - Returns: what ``cancelTimer(_:)`` takes.
    package func addTimer(at instant: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) -> UInt64 {
        let number = state.withLock { $0.timers.add(at: instant, action) }
        wake()
        return number
    }

    /// Forgets a timer.
    package func cancelTimer(_ number: UInt64) {
        state.withLock { $0.timers.cancel(number) }
    }

    /// Runs a job of Swift's concurrency runtime on this thread.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        wake()
    }

    /// Calls `action` on this thread, after the jobs of the present turn and before its sends: what gathers until then
    /// can go out together without having waited for anything.
    package func atTurnEnd(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.turnEndActions.append(action) }
        wake()
    }

    /// Adds an endpoint, which is made on this thread and stays here.
    ///
    /// - Parameters:
    ///   - group: whom it belongs to, for ``end(_:)``.
    ///   - make: makes the endpoint.
    package func add(to group: EndpointGroupID, _ make: @escaping @Sendable () -> any IOEndpoint) {
        state.withLock { $0.additions.append((group, make)) }
        wake()
    }

    /// Ends all endpoints of a group.
    package func end(_ group: EndpointGroupID) {
        state.withLock { $0.endedGroups.append(group) }
        wake()
    }

    /// Lets the thread and its endpoints look at their news. Costs a system call only if the thread sleeps.
    ///
    /// News is left before this call; the thread declares that it sleeps before it looks for news. So one
    /// of the two always sees the other.
    package func wake() {
        hasNews.store(true, ordering: .sequentiallyConsistent)
        if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { pipe.signal() }
    }

    /// How often jobs that jobs leave are run before the sockets have their turn.
    private static let maximumRounds = 16

    private func run() {
        let executor = asUnownedTaskExecutor()
        var endpoints = IOEndpoints()
        var jobs: [UnownedJob] = []
        while true {
            turn(&endpoints, &jobs, executor)
            wait(&endpoints) { turn(&$0, &jobs, executor) }
        }
    }

    private func turn(
        _ endpoints: inout IOEndpoints,
        _ jobs: inout [UnownedJob],
        _ executor: UnownedTaskExecutor
    ) {
        let now = now
        // A job often leaves another one for this thread. Running those at once spares a look at the sockets for each;
        // the bound keeps jobs without end from starving the sockets.
        for _ in 0..<Self.maximumRounds {
            hasNews.store(false, ordering: .sequentiallyConsistent)
            state.withLock { $0.takeJobs(&jobs) }
            if jobs.isEmpty { break }
            for job in jobs { job.runSynchronously(on: executor) }
            jobs.removeAll(keepingCapacity: true)
        }
        if let rare = state.withLock({ $0.takeInfrequent(at: now) }) {
            for addition in rare.additions { endpoints.add(addition.make(), to: addition.group) }
            for group in rare.endedGroups { endpoints.end(group, now: now) }
            for action in rare.dueActions { action() }
        }
        for action in state.withLock({ $0.takeTurnEndActions() }) { action() }
        endpoints.turn(now: now)
    }

    /// Waits until something is to be done. What several sockets have brought is dealt with one socket after the other,
    /// signals first: the claim for a new task need not wait until the reply to its publisher was handled.
    private func wait(_ endpoints: inout IOEndpoints, _ turn: (inout IOEndpoints) -> Void) {
        let next = endpoints.prepareWait(until: state.withLock { $0.timers.nextInstant() })
        var isReady = endpoints.look { hasNews.load(ordering: .relaxed) }
        if !isReady {
            isAsleep.store(true, ordering: .sequentiallyConsistent)
            let mustLook = hasNews.load(ordering: .sequentiallyConsistent)
            isReady = endpoints.wait(until: mustLook ? .now : next, pipe: pipe)
            isAsleep.store(false, ordering: .sequentiallyConsistent)
        }
        guard isReady else { return }
        while endpoints.handleReadySocket(now: now) { if endpoints.hasReadySocket { turn(&endpoints) } }
    }
}

extension EventLoop {
    /// Starts a task on this thread. Called on this thread, it runs up to its first suspension at once, where the
    /// platform can do that, and else in the same turn.
    package func start(_ operation: @escaping @Sendable () async -> Void) {
        if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
            Task.immediate(executorPreference: self) { await operation() }
        } else {
            Task(executorPreference: self) { await operation() }
        }
    }
}
