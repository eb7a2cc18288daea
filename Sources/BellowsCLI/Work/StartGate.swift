import DequeModule
import Synchronization

/// Lets few commands be started at once, in the order in which they came: each needs descriptors, and a host has only
/// so many.
final class StartGate: Sendable {
    private struct State {
        var free: Int
        var waiting: Deque<CheckedContinuation<Void, Never>> = []
    }

    /// A place inside. It is given up once: when its owner says so, or is gone.
    final class Place: Sendable {
        private let gate: StartGate
        private let isTaken = Atomic(true)

        fileprivate init(_ gate: StartGate) { self.gate = gate }

        deinit { leave() }

        func leave() {
            if isTaken.exchange(false, ordering: .relaxed) { gate.leave() }
        }
    }

    private let state: Mutex<State>

    /// - Parameter width: how many may be inside.
    init(width: Int) {
        state = Mutex(State(free: width))
    }

    /// Waits for a place.
    func enter() async -> Place {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
        return Place(self)
    }

    /// Gives the place to the one that has waited longest.
    private func leave() {
        let next = state.withLock { state in
            let next = state.waiting.popFirst()
            if next == nil { state.free += 1 }
            return next
        }
        next?.resume()
    }
}
