import BellowsRuntime
import Synchronization

/// A backend in the memory of one process, for tests and for programs that need no durability.
///
/// It has the semantics of the Redis backend, on the clock that it is given. It sees encoded bytes only, so a fault
/// in a codec shows. Everything is gone when the value is released.
public final class InMemoryBackend: PartitionCountRegistry, BackendInspecting {
    struct State {
        var tables: [TaskName: TaskTable] = [:]
        var lastCall: UInt64 = 0
        /// The numbers of partitions that are not 1.
        var partitions: [TaskName: Int] = [:]
    }

    /// The clock that leases, delays and retention are measured with.
    public let timeSource: any TimeSource
    /// What this backend takes.
    public let limits: TaskLimits

    private let hub = SignalHub()
    private let state = Mutex(State())
    /// When this value was made; cursors count from here.
    let origin: ContinuousClock.Instant
    private let process = String(UInt64.random(in: .min ... .max), radix: 16)

    /// Makes an empty backend.
    ///
    /// - Parameters:
    ///   - timeSource: the clock and the timers; nil, the default, means the real ones.
    ///   - limits: what the backend takes.
    public init(timeSource: (any TimeSource)? = nil, limits: TaskLimits = TaskLimits()) {
        self.timeSource = timeSource ?? EventLoop.shared
        origin = self.timeSource.now
        self.limits = limits
    }

    /// Runs one step on a definition's table under the lock, then sends its signals.
    func step<Value: Sendable>(
        _ name: TaskName,
        _ body: (inout TaskTable, ContinuousClock.Instant, _ nonce: String) -> TaskTableAnswer<Value>
    ) -> Value {
        let answer = state.withLock { state in
            state.lastCall += 1
            return body(
                &state.tables[name, default: TaskTable(name: name, limits: limits)],
                timeSource.now,
                "\(process)-\(state.lastCall)"
            )
        }
        hub.send(answer.signals)
        return answer.value
    }

    /// Reads all tables under the lock.
    func read<Value: Sendable>(_ body: ([TaskName: TaskTable]) -> Value) -> Value {
        state.withLock { body($0.tables) }
    }

    /// Notes the number of parts of a definition, for as long as this value lives.
    public func registerPartitionCount(_ partitions: TaskPartitions) async throws(BellowsError) {
        try comparePartitionCount(partitions)
    }

    /// Compares the number of parts that publishers name with the one that is noted, or notes it.
    func comparePartitionCount(_ partitions: TaskPartitions) throws(BellowsError) {
        let stored = state.withLock { state in
            if state.partitions[partitions.name] == nil, partitions.count > 1 {
                state.partitions[partitions.name] = partitions.count
            }
            return state.partitions[partitions.name]
        }
        if let stored, stored != partitions.count { throw partitions.mismatch(stored: stored) }
    }

    /// Listens for signals; the first one is ``BackendSignal/checkEverything``.
    public func subscribe(to topics: [SignalTopic]) async throws(BellowsError) -> SignalSubscription {
        hub.subscribe(to: topics)
    }

    /// A seam for tests: puts in a due task whose stored record has these bytes, as another version or another program
    /// would.
    package func plant(_ record: [UInt8], as id: TaskID, in name: TaskName) {
        step(name) { table, now, nonce in
            var entry = TaskEntry(record: TaskRecord(payload: []), run: RunID(nonce))
            do throws(UnreadableRecordError) {
                entry.record = try RecordCoder.decode(record)
            } catch {
                entry.unreadable = error
            }
            table.insert(entry, id: id, delay: .zero, at: now)
            return TaskTableAnswer(value: (), signals: [.available(name)])
        }
    }
}
