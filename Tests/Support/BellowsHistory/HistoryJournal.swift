import Synchronization

/// What the clients of a run have noted, and the clock that they share.
final class HistoryJournal: Sendable {
    private let begin = ContinuousClock.now
    private let noted = Mutex<[HistoryEvent]>([])

    var now: Duration { ContinuousClock.now - begin }

    var events: [HistoryEvent] { noted.withLock { $0 } }

    /// Notes an operation that has just ended.
    func note(_ start: Duration, _ operation: HistoryEvent.Operation) {
        let event = HistoryEvent(start, now, operation)
        noted.withLock { $0.append(event) }
    }
}
