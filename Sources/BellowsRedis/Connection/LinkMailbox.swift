import Synchronization

/// What other threads want of a connection as such.
final class LinkMailbox: Sendable {
    struct Letters {
        var mustStart = false
        var resetReason: String?
        var hurryReason: String?
        var mustClose = false
        var resolved: Result<ServerLocation, SocketError>?
    }

    private let letters = Mutex(Letters())
    private let isFilled = Atomic(false)

    /// Leaves something. The caller wakes the loop afterwards.
    func leave(_ change: (inout Letters) -> Void) {
        letters.withLock { change(&$0) }
        isFilled.store(true, ordering: .releasing)
    }

    /// Takes everything; nil if there is nothing.
    func take() -> Letters? {
        guard isFilled.load(ordering: .acquiring), isFilled.exchange(false, ordering: .acquiringAndReleasing) else {
            return nil
        }
        return letters.withLock { letters in
            defer { letters = Letters() }
            return letters
        }
    }
}
