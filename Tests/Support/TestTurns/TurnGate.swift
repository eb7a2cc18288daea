import BellowsTesting
import Foundation
import Synchronization

/// Lets so many through at the same time, in the order in which they came.
final class TurnGate: Sendable {
    /// For most tests. They wait for servers more than they work, so there may be more of them than processors; fewer
    /// where other programs want the processors too, because some times are the library's own, and do not grow.
    static let common = TurnGate(
        width: max(3, max(8, 4 * ProcessInfo.processInfo.activeProcessorCount) / Int(MachineLoad.factor))
    )
    /// For tests that start many servers, beside the others.
    static let clusters = TurnGate(width: 1)

    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    /// - Parameter width: how many may be inside.
    init(width: Int) {
        state = Mutex(State(free: width))
    }

    /// Runs the body when there is room.
    func pass(_ body: () async throws -> Void) async throws {
        await enter()
        defer { leave() }
        try await body()
    }

    private func enter() async {
        await withCheckedContinuation { continuation in
            let hasRoom = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if hasRoom { continuation.resume() }
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            // Whoever is let in takes the place of who leaves.
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
