import Bellows
import Foundation
import Synchronization

/// What happened to tasks in this process: who was acknowledged, who ran, and how often to the end.
final class Ledger: Sendable {
    private struct State {
        /// When each was acknowledged.
        var acknowledged: [String: ContinuousClock.Instant] = [:]
        /// Ids that were handed out twice.
        var reused = 0
        /// Results that belong to another task.
        var crossed = 0
        var results = 0
        var runs: [String: Int] = [:]
    }

    private let state = Mutex(State())

    func acknowledge(_ id: TaskID) {
        state.withLock { state in
            if state.acknowledged.updateValue(.now, forKey: id.rawValue) != nil { state.reused += 1 }
        }
    }

    /// A waiter has a result, its own or somebody else's.
    func receive(isOwn: Bool) {
        state.withLock { state in
            state.results += 1
            if !isOwn { state.crossed += 1 }
        }
    }

    /// Results that waiters got, those that were not their own, and ids that were handed out twice.
    var mixUps: (results: Int, crossed: Int, reused: Int) {
        state.withLock { ($0.results, $0.crossed, $0.reused) }
    }

    func run(_ id: TaskID) { state.withLock { $0.runs[id.rawValue, default: 0] += 1 } }

    var acknowledged: Int { state.withLock { $0.acknowledged.count } }

    var runs: Int { state.withLock { $0.runs.values.reduce(0, +) } }

    /// Tasks that some handler has seen.
    var ran: Int { state.withLock { $0.runs.count } }

    /// Acknowledged tasks that no handler has seen.
    var lost: Int { lostInstants.count }

    /// When those were acknowledged that no handler has seen.
    var lostInstants: [ContinuousClock.Instant] {
        state.withLock { state in state.acknowledged.filter { state.runs[$0.key] == nil }.map(\.value) }
    }

    /// Runs beyond the first of each task; at least once allows them.
    var repeated: Int { state.withLock { $0.runs.values.reduce(0) { $0 + $1 - 1 } } }
}
