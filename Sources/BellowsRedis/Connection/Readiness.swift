import Bellows
import Synchronization

/// Tells how the first attempt to connect went.
final class Readiness: Sendable {
    private struct State {
        var result: Result<Void, BellowsError>?
        var waiter: CheckedContinuation<Result<Void, BellowsError>, Never>?
    }

    private let state = Mutex(State())

    /// Takes an event of the connection.
    ///
    /// - Parameter isServerLoading: whether the server is there, and only needs more time.
    func note(_ event: ConnectionEvent, isServerLoading: Bool) {
        switch event {
        case .ready: settle(.success(()))
        case .failed(let error): if !isServerLoading { settle(.failure(error)) }
        case .lost: break
        case .closed: settle(.failure(BellowsError(.closed, "the backend was closed")))
        }
    }

    /// Waits for the first result.
    func wait(atMost time: Duration, on timeSource: any TimeSource) async throws(BellowsError) {
        // The attempt has the same time, and says better why it failed.
        let timer = timeSource.schedule(at: timeSource.now + time + .milliseconds(250)) { [weak self] in
            self?.settle(.failure(BellowsError(.unavailable, "Redis did not get ready within \(time)")))
        }
        defer { timeSource.cancel(timer) }
        let result = await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if state.result == nil { state.waiter = continuation }
                return state.result
            }
            if let known { continuation.resume(returning: known) }
        }
        try result.get()
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
