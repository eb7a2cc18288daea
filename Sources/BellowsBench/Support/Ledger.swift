import Bellows
import Foundation
import Synchronization

/// What happened to tasks in this process: who was acknowledged, who ran, and how often to the end.
final class Ledger: Sendable {
    private struct State {
        /// When each was acknowledged.
        var acknowledged: [String: ContinuousClock.Instant] = [:]
        var runs: [String: Int] = [:]
    }

    private let state = Mutex(State())

    func acknowledge(_ id: TaskID) { state.withLock { $0.acknowledged[id.rawValue] = .now } }

    func run(_ id: TaskID) { state.withLock { $0.runs[id.rawValue, default: 0] += 1 } }

    var acknowledged: Int { state.withLock { $0.acknowledged.count } }

    var runs: Int { state.withLock { $0.runs.values.reduce(0, +) } }

    /// Acknowledged tasks that no handler has seen.
    var lost: Int { lostInstants.count }

    /// When those were acknowledged that no handler has seen.
    var lostInstants: [ContinuousClock.Instant] {
        state.withLock { state in state.acknowledged.filter { state.runs[$0.key] == nil }.map(\.value) }
    }

    /// Runs beyond the first of each task; at least once allows them.
    var repeated: Int { state.withLock { $0.runs.values.reduce(0) { $0 + $1 - 1 } } }
}
