import Bellows
import Synchronization

/// The numbers of partitions that this process has compared with the store.
final class KnownPartitionCounts: Sendable {
    private typealias Waiter = UnsafeContinuation<Answer, Never>

    private enum Answer {
        /// The caller asks the store.
        case ask
        case compared(Result<Void, BellowsError>)
    }

    private struct State {
        var known: Set<TaskPartitions> = []
        /// Who waits for each question that is under way.
        var waiting: [TaskPartitions: [Waiter]] = [:]
    }

    private let state = Mutex(State())

    /// The store has lost its data.
    func forgetAll() { state.withLock { $0.known = [] } }

    /// Compares a number with the store, unless that was done. Who comes while the store is asked waits for the same
    /// answer, behind those who came before. That alone keeps no stream in order: see `BulkPublisher`, which begins
    /// with one call.
    ///
    /// - Parameters:
    ///   - partitions: the definition and the number.
    ///   - ask: asks the store.
    func compare(
        _ partitions: TaskPartitions,
        _ ask: () async throws(BellowsError) -> Void
    ) async throws(BellowsError) {
        if state.withLock({ $0.known.contains(partitions) }) { return }
        switch await turn(partitions) {
        case .compared(let result): try result.get()
        case .ask:
            let result = await Result(calling: ask)
            // In their order, and behind the caller, who goes on without another turn.
            for waiter in settle(partitions, result) { waiter.resume(returning: .compared(result)) }
            try result.get()
        }
    }

    private func turn(_ partitions: TaskPartitions) async -> Answer {
        await withUnsafeContinuation { waiter in
            let answer = state.withLock { state -> Answer? in
                if state.known.contains(partitions) { return .compared(.success(())) }
                if state.waiting[partitions] == nil {
                    state.waiting[partitions] = []
                    return .ask
                }
                state.waiting[partitions]?.append(waiter)
                return nil
            }
            if let answer { waiter.resume(returning: answer) }
        }
    }

    private func settle(_ partitions: TaskPartitions, _ result: Result<Void, BellowsError>) -> [Waiter] {
        state.withLock { state in
            if case .success = result { state.known.insert(partitions) }
            return state.waiting.removeValue(forKey: partitions) ?? []
        }
    }
}
