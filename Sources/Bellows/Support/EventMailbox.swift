import Synchronization

/// Events for one reader, who takes all that gathered since the last time: this is what batches reports and claims.
final class EventMailbox<Event: Sendable>: Sendable {
    fileprivate struct State {
        var events: [Event] = []
        var reader: UnsafeContinuation<[Event], Never>?
        /// Whether an event is there that the reader is woken for.
        var isUrgent = false
        /// How many events that can wait the reader wants to be woken for.
        var wakeThreshold = 1
    }

    private let state = Mutex(State())

    /// Adds an event.
    ///
    /// - Parameter canWait: whether a reader that wants several of them need not be woken for it alone.
    func post(_ event: Event, canWait: Bool = false) {
        let resumption = state.withLock { state -> (UnsafeContinuation<[Event], Never>, [Event])? in
            state.events.append(event)
            if !canWait { state.isUrgent = true }
            guard let reader = state.reader, state.mayWake else { return nil }
            state.reader = nil
            return (reader, state.take())
        }
        if let (reader, events) = resumption { reader.resume(returning: events) }
    }

    /// Waits for at least one event, and takes all.
    ///
    /// - Parameter wakeThreshold: how many events there have to be if all of them can wait. If so many may never come,
    ///   something urgent must be sure to come.
    func next(wakeThreshold: Int = 1) async -> [Event] {
        await withUnsafeContinuation { continuation in
            let events = state.withLock { state -> [Event] in
                state.wakeThreshold = wakeThreshold
                guard !state.mayWake else { return state.take() }
                state.reader = continuation
                return []
            }
            if !events.isEmpty { continuation.resume(returning: events) }
        }
    }
}

extension EventMailbox.State {
    fileprivate var mayWake: Bool { isUrgent || events.count >= wakeThreshold }

    fileprivate mutating func take() -> [Event] {
        defer {
            events = []
            isUrgent = false
        }
        return events
    }
}
