import Bellows
import BellowsRuntime
import Synchronization

/// Waits on real time with a timer of the event loop, not with a sleep on Swift's pool.
enum Alarm {
    /// Returns after a time, or as soon as the current task is cancelled.
    static func wait(for duration: Duration) async {
        let subscription = SignalSubscription()
        _ = await subscription.next(until: EventLoop.shared.now + duration)
    }
}
