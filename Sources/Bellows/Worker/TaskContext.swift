public import Logging
import Synchronization

/// What a worker sees of its attempt.
public struct TaskContext: Sendable {
    /// The task. Good as an idempotency key for effects outside.
    public let id: TaskID
    /// The definition.
    public var name: TaskName { part.definition }
    /// Which attempt this is; the first is 1, crashes counted.
    public let attempt: Int
    /// The headers that the task was published with.
    public let headers: [String: String]
    /// A logger that carries name, id and attempt. Made when it is asked for, because most attempts log nothing.
    public var logger: Logger {
        var logger = base
        logger[metadataKey: LogKeys.task] = "\(name)"
        logger[metadataKey: LogKeys.id] = "\(id)"
        logger[metadataKey: LogKeys.attempt] = "\(attempt)"
        return logger
    }

    private let part: TaskName
    private let base: Logger
    private let live: Live

    /// What changes while the worker runs.
    final class Live: Sendable {
        struct State {
            var deadline: MonotonicInstant
            var isShuttingDown: Bool
        }

        let state: Mutex<State>

        init(deadline: MonotonicInstant, isShuttingDown: Bool = false) {
            state = Mutex(State(deadline: deadline, isShuttingDown: isShuttingDown))
        }
    }

    init(task: ClaimedTask, logger: Logger, live: Live) {
        id = task.id
        part = task.lease.name
        attempt = task.attempt
        headers = task.record.headers
        base = logger
        self.live = live
    }

    /// Until when, by the local monotonic clock, the task is surely ours. It moves with each renewal.
    public var leaseDeadline: ContinuousClock.Instant {
        live.state.withLock(\.deadline).clockInstant
    }

    /// Whether the dispatcher is draining: a long-running worker should come to an end soon.
    public var isShuttingDown: Bool {
        live.state.withLock(\.isShuttingDown)
    }
}
