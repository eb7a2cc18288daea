import Synchronization

/// Events for one reader, who takes all that gathered since the last time: this is what batches reports and claims.
final class EventMailbox<Event: Sendable>: Sendable {
    private struct State {
        var events: [Event] = []
        var reader: UnsafeContinuation<[Event], Never>?
    }

    private let state = Mutex(State())

    /// Adds an event.
    func post(_ event: Event) {
        let reader = state.withLock { state -> UnsafeContinuation<[Event], Never>? in
            guard let reader = state.reader else {
                state.events.append(event)
                return nil
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: [event])
    }

    /// Waits for at least one event, and takes all.
    func next() async -> [Event] {
        await withUnsafeContinuation { continuation in
            let events = state.withLock { state -> [Event] in
                guard state.events.isEmpty else {
                    defer { state.events = [] }
                    return state.events
                }
                state.reader = continuation
                return []
            }
            if !events.isEmpty { continuation.resume(returning: events) }
        }
    }
}
