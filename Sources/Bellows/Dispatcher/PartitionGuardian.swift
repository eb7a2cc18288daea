import Synchronization

/// Compares the numbers of partitions of a dispatcher's definitions with those in the store, as soon as it answers.
final class PartitionGuardian: Sendable {
    private let keeper: (any PartitionKeeping)?
    private let partitions: [TaskPartitions]
    private let state = Mutex<(task: Task<Void, Never>?, mismatch: BackendError?)>((nil, nil))

    init(_ backend: any Backend, _ partitions: [TaskPartitions]) {
        keeper = backend as? any PartitionKeeping
        self.partitions = partitions
    }

    /// What was found wrong.
    var mismatch: BackendError? { state.withLock(\.mismatch) }

    /// Begins, and calls back only if something is wrong. Nothing waits for it, because a store may be away for long.
    func start(_ onMismatch: @escaping @Sendable () -> Void) {
        guard let keeper else { return }
        let task = Task(executorPreference: ControlThread.shared) { [partitions] in
            for parts in partitions {
                guard let error = await Self.check(parts, keeper) else { continue }
                self.state.withLock { $0.mismatch = error }
                return onMismatch()
            }
        }
        state.withLock { $0.task = task }
    }

    /// Ends it, whatever it has found.
    func end() {
        state.withLock(\.task)?.cancel()
    }

    private static func check(_ parts: TaskPartitions, _ keeper: any PartitionKeeping) async -> BackendError? {
        while !Task.isCancelled {
            do {
                try await keeper.keep(parts)
                return nil
            } catch let error as BackendError where error.isRetryable {
                await withCheckedContinuation { continuation in
                    _ = keeper.timeSource.schedule(at: keeper.timeSource.now + .seconds(1)) { continuation.resume() }
                }
            } catch {
                // Whatever else is wrong, every verb says so too.
                guard let error = error as? BackendError, error.code == .layoutMismatch else { return nil }
                return error
            }
        }
        return nil
    }
}
