import Synchronization

/// Events for one reader, who takes all that gathered since the last time: this is what batches reports and claims.
final class EventMailbox<Event: Sendable>: Sendable {
    fileprivate struct State {
        var events: [Event] = []
        var reader: UnsafeContinuation<[Event], Never>?
        /// Whether an event is there that the reader is woken for.
        var isUrgent = false
        /// Whether the reader wants to be woken for urgent events only.
        var wantsQuiet = false
    }

    private let state = Mutex(State())

    /// Adds an event.
    ///
    /// - Parameter canWait: whether a reader that wants quiet need not be woken for it.
    func post(_ event: Event, canWait: Bool = false) {
        let resumption = state.withLock { state -> (UnsafeContinuation<[Event], Never>, [Event])? in
            state.events.append(event)
            if !canWait { state.isUrgent = true }
            guard let reader = state.reader, state.isUrgent || !state.wantsQuiet else { return nil }
            state.reader = nil
            return (reader, state.take())
        }
        if let (reader, events) = resumption { reader.resume(returning: events) }
    }

    /// Waits for at least one event, and takes all.
    ///
    /// - Parameter wantsQuiet: waits on while there are only events that can wait. Something urgent must be sure to come.
    func next(wantsQuiet: Bool = false) async -> [Event] {
        await withUnsafeContinuation { continuation in
            let events = state.withLock { state -> [Event] in
                state.wantsQuiet = wantsQuiet
                guard state.events.isEmpty || (wantsQuiet && !state.isUrgent) else { return state.take() }
                state.reader = continuation
                return []
            }
            if !events.isEmpty { continuation.resume(returning: events) }
        }
    }
}

extension EventMailbox.State {
    fileprivate mutating func take() -> [Event] {
        defer {
            events = []
            isUrgent = false
        }
        return events
    }
}
