import Synchronization

/// Somebody who acts when a connection is dropped because its server was the wrong one, and who is named later than the
/// connection is made.
final class ResetObserver: Sendable {
    private let action = Mutex<(@Sendable (String) -> Void)?>(nil)

    /// Names the closure that acts on the reason.
    func observe(_ action: @escaping @Sendable (String) -> Void) {
        self.action.withLock { $0 = action }
    }

    /// A connection is dropped.
    func note(_ reason: String) {
        action.withLock { $0 }?(reason)
    }
}
