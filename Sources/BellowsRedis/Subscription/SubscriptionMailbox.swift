import Synchronization

/// Wishes for channels on their way to the event loop, in the order in which they were made.
final class SubscriptionMailbox: Sendable {
    /// One wish.
    enum Wish: Sendable {
        case subscribe([String])
        case unsubscribe([String])
    }

    private let wishes = Mutex<[Wish]>([])

    func leave(_ wish: Wish) {
        wishes.withLock { $0.append(wish) }
    }

    func take() -> [Wish] {
        wishes.withLock { wishes in
            guard !wishes.isEmpty else { return [] }
            defer { wishes = [] }
            return wishes
        }
    }
}
