import Synchronization

/// The part of an I/O loop that other threads touch.
final class IOWaker: Sendable {
    private struct State {
        var additions: [@Sendable () -> any IOEndpoint] = []
        var isStopped = false
    }

    private let state = Mutex(State())
    private let isAsleep = Atomic(false)
    let pipe = WakePipe()

    func add(_ make: @escaping @Sendable () -> any IOEndpoint) {
        state.withLock { $0.additions.append(make) }
        wake()
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        wake()
    }

    /// Whoever leaves news does so before this call; the thread declares that it sleeps before it looks for news.
    /// So one of the two always sees the other.
    func wake() {
        if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { pipe.signal() }
    }

    /// The thread is about to sleep.
    func willSleep() {
        isAsleep.store(true, ordering: .sequentiallyConsistent)
    }

    /// The thread is awake again. Says whether somebody has signalled it.
    func didWake() -> Bool {
        !isAsleep.exchange(false, ordering: .sequentiallyConsistent)
    }

    /// What was added, and whether to end.
    func takeNews() -> (additions: [@Sendable () -> any IOEndpoint], isStopped: Bool) {
        state.withLock { state in
            defer { state.additions = [] }
            return (state.additions, state.isStopped)
        }
    }

    var hasNews: Bool {
        state.withLock { $0.isStopped || !$0.additions.isEmpty }
    }
}
