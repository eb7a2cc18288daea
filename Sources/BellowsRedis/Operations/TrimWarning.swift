import Bellows
import Logging
import Synchronization

/// Says once for each definition that dead letters were removed because there were too many, or they were too old. How
/// many it were in all is counted in the store.
final class TrimWarning: Sendable {
    private let logger: Logger
    private let told = Mutex<Set<TaskName>>([])

    init(logger: Logger) { self.logger = logger }

    /// Dead letters of a definition were removed.
    func note(_ name: TaskName) {
        guard told.withLock({ $0.insert(name.definition).inserted }) else { return }
        logger.warning(
            "the oldest dead letters were removed: 10,000 are kept, for 90 days; statistics count what is gone",
            metadata: [LogKeys.task: "\(name.definition)"]
        )
    }
}
