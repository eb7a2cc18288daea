import Bellows
import Synchronization

/// The longest lease of each definition that this process has had Redis note, so that few claims carry it.
final class NotedLeases: Sendable {
    private struct Note {
        let lease: Duration
        let instant: ContinuousClock.Instant
    }

    /// How long a note counts. The store may have been emptied since.
    private static let validity = Duration.seconds(60)

    private let notes = Mutex<[TaskName: Note]>([:])

    /// Whether a claim has to carry the note; it then counts as carried.
    func mustNote(_ lease: Duration, of name: TaskName, at now: ContinuousClock.Instant) -> Bool {
        notes.withLock { notes in
            if let note = notes[name], note.lease >= lease, now - note.instant < Self.validity { return false }
            notes[name] = Note(lease: lease, instant: now)
            return true
        }
    }

    /// The claim may not have arrived.
    func forget(_ name: TaskName) {
        notes.withLock { $0[name] = nil }
    }

    /// The store has lost its data.
    func forgetAll() {
        notes.withLock { $0 = [:] }
    }
}
