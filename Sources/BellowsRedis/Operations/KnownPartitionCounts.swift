import Bellows
import Synchronization

/// The numbers of partitions that this process has compared with the store.
final class KnownPartitionCounts: Sendable {
    private let kept = Mutex<Set<TaskPartitions>>([])

    func contains(_ partitions: TaskPartitions) -> Bool { kept.withLock { $0.contains(partitions) } }

    /// The store has lost its data.
    func forgetAll() { kept.withLock { $0 = [] } }

    func insert(_ partitions: TaskPartitions) { kept.withLock { _ = $0.insert(partitions) } }
}
