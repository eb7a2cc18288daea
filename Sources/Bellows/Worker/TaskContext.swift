public import Logging
import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What a handler knows of its attempt.
public struct TaskContext: Sendable {
    /// The task. The same in each attempt, so it is the idempotency key for effects outside.
    public let id: TaskID
    /// The definition.
    public var name: TaskName { part.definition }
    /// Which attempt this is. The first is 1, and attempts that ended in a crash count too.
    public let attempt: Int
    /// A number that the claim has made from the store's clock, in microseconds: strictly greater for each later holder
    /// of the task. A store that can compare, such as a table with a column for it, refuses with it what comes late from a
    /// holder that has lost its lease: write only where the stored number is not greater.
    ///
    /// The one exception: if the clock of the Redis server is set back, later holders may get smaller numbers until it has
    /// caught up. A store that lives in memory counts from 1.
    public let fence: Int64
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

    /// When the task was published, by its publisher's clock; nil if its publisher gave the id, because the time stands in
    /// the ids that the library makes, and for a singleton.
    public var publishedAt: Date? { hasOwnID ? nil : id.creationDate }

    /// Whether its publisher gave the id.
    private let hasOwnID: Bool
    private let part: TaskName
    private let base: Logger
    private let live: Live

    /// What changes while the worker runs.
    final class Live: Sendable {
        struct State {
            var deadline: MonotonicInstant
            var isShuttingDown: Bool
            var cancellation: CancellationCause?
        }

        let state: Mutex<State>

        init(deadline: MonotonicInstant, isShuttingDown: Bool = false) {
            state = Mutex(State(deadline: deadline, isShuttingDown: isShuttingDown))
        }
    }

    init(task: ClaimedTask, logger: Logger, live: Live) {
        id = task.id
        hasOwnID = task.record.deduplicationWindow != nil
        part = task.lease.name
        attempt = task.attempt
        fence = task.fence
        headers = task.record.headers
        base = logger
        self.live = live
    }

    /// Until when, by the monotonic clock of this host, no other worker can have the task. It moves with each renewal;
    /// when it has passed, the handler is cancelled.
    public var leaseDeadline: ContinuousClock.Instant {
        live.state.withLock(\.deadline).clockInstant
    }

    /// Why the handler was cancelled: the surrounding Swift task is, and `Task.isCancelled` says so. Nil while it is not.
    public var cancellation: CancellationCause? {
        live.state.withLock(\.cancellation)
    }

    /// Whether the dispatcher drains. A long handler should come to an end within
    /// ``DispatcherConfiguration/shutdownGrace``, or it is cancelled and the task is given back.
    public var isShuttingDown: Bool {
        live.state.withLock(\.isShuttingDown)
    }
}
