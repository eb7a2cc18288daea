import Foundation
import Synchronization

/// What a proxy does wrong at present, shared by all its connections.
final class ProxyFaults: Sendable {
    struct State {
        var stalled: FaultProxy.Directions = []
        var delay = Duration.zero
        var isBlackHole = false
        var mustDropReply = false
        var sendsSingleBytes = false
        var swallowsMessages = false
        var refuses = false
    }

    private let state = Mutex(State())
    private let count = Mutex(0)
    private let condition = NSCondition()

    var current: State { state.withLock { $0 } }
    var accepted: Int { count.withLock { $0 } }

    func countAccepted() {
        count.withLock { $0 += 1 }
    }

    func change(_ change: (inout State) -> Void) {
        state.withLock { change(&$0) }
        wakeAll()
    }

    /// Lets those who wait look again.
    func wakeAll() {
        condition.lock()
        condition.broadcast()
        condition.unlock()
    }

    /// Waits as long as the direction is stalled and the connection lives, and as long as everything is delayed.
    func waitWhileStalled(_ direction: FaultProxy.Directions, unless hasEnded: () -> Bool) {
        let delay = current.delay
        if delay > .zero { usleep(UInt32(min(delay / .microseconds(1), 1e9))) }
        condition.lock()
        while !current.stalled.isDisjoint(with: direction), !hasEnded() { condition.wait() }
        condition.unlock()
    }

    /// Whether this reply is the one to drop.
    func takeReplyDrop() -> Bool {
        state.withLock { state in
            defer { state.mustDropReply = false }
            return state.mustDropReply
        }
    }
}
