import Synchronization

/// What other threads want of a connection as such.
final class ChannelMailbox: Sendable {
    struct Requests {
        var mustStart = false
        var resetReason: String?
        var reconnectReason: String?
        var mustClose = false
        var resolved: Result<ServerLocation, SocketError>?
    }

    private let requests = Mutex(Requests())
    private let isFilled = Atomic(false)

    /// Leaves something. The caller wakes the loop afterwards.
    func leave(_ change: (inout Requests) -> Void) {
        requests.withLock { change(&$0) }
        isFilled.store(true, ordering: .releasing)
    }

    /// Takes everything; nil if there is nothing.
    func take() -> Requests? {
        guard isFilled.load(ordering: .acquiring), isFilled.exchange(false, ordering: .acquiringAndReleasing) else {
            return nil
        }
        return requests.withLock { requests in
            defer { requests = Requests() }
            return requests
        }
    }
}
