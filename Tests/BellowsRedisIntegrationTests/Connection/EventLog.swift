import Synchronization

/// Events of another thread, for which a test can wait.
final class EventLog<Event: Sendable>: Sendable {
    fileprivate struct Waiter {
        let condition: @Sendable (Event) -> Bool
        let continuation: CheckedContinuation<Event?, Never>
    }

    fileprivate struct State {
        var events: [Event] = []
        /// Events before this one were returned, or did not fit what the present waiter waits for.
        var looked = 0
        var waiter: Waiter?
    }

    private let state = Mutex(State())

    var all: [Event] { state.withLock { $0.events } }

    func add(_ event: Event) {
        state.withLock { state in
            state.events.append(event)
            return state.answerWaiter()
        }?()
    }

    /// Waits for the next event that fits, after the one that the last call has returned. One waiter at a time.
    ///
    /// - Throws: `CancellationError` if the test is cancelled first.
    @discardableResult
    func wait(_ condition: @escaping @Sendable (Event) -> Bool) async throws -> Event {
        let event: Event? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { state in
                    state.waiter = Waiter(condition: condition, continuation: continuation)
                    return Task.isCancelled ? state.endWaiter() : state.answerWaiter()
                }?()
            }
        } onCancel: {
            state.withLock { $0.endWaiter() }?()
        }
        guard let event else { throw CancellationError() }
        return event
    }
}

extension EventLog.State {
    fileprivate mutating func answerWaiter() -> (() -> Void)? {
        guard let waiter else { return nil }
        guard let index = events[looked...].firstIndex(where: waiter.condition) else {
            looked = events.count
            return nil
        }
        looked = index + 1
        self.waiter = nil
        let event = events[index]
        return { waiter.continuation.resume(returning: event) }
    }

    fileprivate mutating func endWaiter() -> (() -> Void)? {
        guard let waiter else { return nil }
        self.waiter = nil
        return { waiter.continuation.resume(returning: nil) }
    }
}
