import Bellows
import Synchronization

/// Tells how the first attempt to connect went.
final class Readiness: Sendable {
    private struct State {
        var result: Result<Void, BellowsError>?
        var waiter: CheckedContinuation<Result<Void, BellowsError>?, Never>?
        /// When the server last said that it is loading its data.
        var loadingAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// Takes an event of the connection.
    ///
    /// - Parameter isServerLoading: whether the server is there, and only needs more time.
    func note(_ event: ConnectionEvent, isServerLoading: Bool) {
        switch event {
        case .ready: settle(.success(()))
        case .failed where isServerLoading: state.withLock { $0.loadingAt = .now }
        case .failed(let error): settle(.failure(error))
        case .lost: break
        case .closed: settle(.failure(BellowsError(.closed, "the backend was closed")))
        }
    }

    /// When the server last said that it is loading its data; nil if it never did.
    var loadingAt: ContinuousClock.Instant? { state.withLock(\.loadingAt) }

    /// Waits for the first result.
    func wait(atMost time: Duration, on timeSource: any TimeSource) async throws(BellowsError) {
        // The attempt has the same time, and says better why it failed.
        guard let result = await result(within: time + .milliseconds(250), on: timeSource) else {
            throw Self.isLate(time)
        }
        try result.get()
    }

    /// What is said of a server that was not ready in time.
    static func isLate(_ time: Duration) -> BellowsError {
        BellowsError(.unavailable, "Redis did not get ready within \(time)")
    }

    /// Waits for the first result. Not from two tasks at once.
    ///
    /// - Returns: nil if there was none in time.
    func result(within time: Duration, on timeSource: any TimeSource) async -> Result<Void, BellowsError>? {
        let timer = timeSource.schedule(at: timeSource.now + time) { [weak self] in self?.giveUp() }
        defer { timeSource.cancel(timer) }
        return await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if state.result == nil { state.waiter = continuation }
                return state.result
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    private func giveUp() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: nil)
    }

    private func settle(_ result: Result<Void, BellowsError>) {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            if state.result == nil { state.result = result }
            return state.waiter
        }
        waiter?.resume(returning: result)
    }
}
