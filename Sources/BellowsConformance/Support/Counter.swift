import Synchronization

/// Counts who is inside.
final class Counter: Sendable {
    private let count = Mutex(0)

    /// Enters; returns how many are inside now.
    func enter() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }

    /// Leaves.
    func leave() {
        count.withLock { $0 -= 1 }
    }
}
