import Bellows
import Synchronization

/// Passes signals from one subscription to another, or drops them.
final class SignalRelay: Sendable {
    private let source: SignalSubscription
    private let drops: @Sendable () -> Bool
    private let target: Mutex<Target>

    private struct Target {
        weak var subscription: SignalSubscription?
    }

    init(from source: SignalSubscription, to target: SignalSubscription, drops: @escaping @Sendable () -> Bool) {
        self.source = source
        self.drops = drops
        self.target = Mutex(Target(subscription: target))
    }

    /// Begins to pass signals on, until the source ends or the target is released.
    func start() {
        Task { [self] in
            while case .signal(let signal) = await source.next() {
                if !drops() { send(signal) }
            }
            // The source ends when its backend is closed, or because the reader gave up the target.
            subscription?.cancel()
        }
    }

    /// Sends one signal to the target.
    func send(_ signal: BackendSignal) {
        subscription?.send(signal)
    }

    /// Stops.
    func cancel() {
        source.cancel()
    }

    private var subscription: SignalSubscription? {
        target.withLock(\.subscription)
    }
}
