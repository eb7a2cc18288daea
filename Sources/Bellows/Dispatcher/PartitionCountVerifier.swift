import BellowsRuntime
import Synchronization

/// Compares the numbers of partitions of a dispatcher's definitions with those in the store, as soon as it answers.
final class PartitionCountVerifier: Sendable {
    private let registry: (any PartitionCountRegistry)?
    private let partitions: [TaskPartitions]
    private let state = Mutex<(task: Task<Void, Never>?, mismatch: BellowsError?)>((nil, nil))

    init(_ backend: any Backend, _ partitions: [TaskPartitions]) {
        registry = backend.capability((any PartitionCountRegistry).self)
        self.partitions = partitions
    }

    /// What was found wrong.
    var mismatch: BellowsError? { state.withLock(\.mismatch) }

    /// Begins, and calls back only if something is wrong. Nothing waits for it, because a store may be away for long.
    func start(_ onMismatch: @escaping @Sendable () -> Void) {
        guard let registry else { return }
        let task = Task(executorPreference: EventLoop.shared) { [partitions] in
            var rest = partitions
            while !rest.isEmpty, !Task.isCancelled {
                var unanswered: [TaskPartitions] = []
                for parts in rest {
                    switch await Self.check(parts, registry) {
                    case .same: break
                    case .unanswered: unanswered.append(parts)
                    case .differs(let error):
                        self.state.withLock { $0.mismatch = error }
                        return onMismatch()
                    }
                }
                rest = unanswered
                guard !rest.isEmpty else { return }
                await withCheckedContinuation { continuation in
                    _ = registry.timeSource.schedule(at: registry.timeSource.now + .seconds(1)) {
                        continuation.resume()
                    }
                }
            }
        }
        state.withLock { $0.task = task }
    }

    /// Ends it, whatever it has found.
    func end() {
        state.withLock(\.task)?.cancel()
    }

    private enum Finding {
        case same
        case differs(BellowsError)
        case unanswered
    }

    private static func check(_ parts: TaskPartitions, _ registry: any PartitionCountRegistry) async -> Finding {
        do throws(BellowsError) {
            try await registry.registerPartitionCount(parts)
            return .same
        } catch {
            // What somebody may mend soon is asked again, like claims are.
            if error.retryPause != nil { return .unanswered }
            // Whatever else is wrong, every verb says so too.
            return error.code == .layoutMismatch ? .differs(error) : .same
        }
    }
}
