import Bellows
import Logging
import Synchronization

/// Publishes that wait for replicas, on a connection of their own: WAIT holds up everything behind it.
///
/// The connection is made by the first such publish.
final class ReplicatedPublisher: Sendable {
    private typealias Batches = CallBatcher<Item, PublishedTask>

    /// A task and what its publish waits for.
    private struct Item: Sendable {
        let task: PublishItem
        let wait: ReplicationWait
    }

    private struct State {
        var connection: RedisConnection?
        var batches: Batches?
        /// The time that the WAITs under way may take one after the other.
        var owed = Duration.zero
        var isClosed = false
    }

    private let operations: RedisOperations
    private let patience: Duration
    private let logger: Logger
    private let makeConnection: @Sendable (@escaping @Sendable (ConnectionEvent) -> Void) -> RedisConnection
    private let state = Mutex(State())
    /// Which connection is in use; another number after each loss.
    private let connectionNumber = Atomic<Int>(0)
    private let hasWarned = Atomic<Bool>(false)

    init(
        _ operations: RedisOperations,
        patience: Duration,
        logger: Logger,
        makeConnection: @escaping @Sendable (@escaping @Sendable (ConnectionEvent) -> Void) -> RedisConnection
    ) {
        self.operations = operations
        self.patience = patience
        self.logger = logger
        self.makeConnection = makeConnection
    }

    /// Stores tasks, and waits for replicas.
    func publish(
        _ items: [PublishItem],
        to name: TaskName,
        _ wait: ReplicationWait
    ) async throws(BackendError) -> [PublishedTask] {
        guard let batches = open() else { throw BackendError(.closed, "the backend was closed") }
        return try await batches.call(
            items.map { Item(task: $0, wait: wait) },
            in: name,
            bytes: items.reduce(0) { $0 + $1.record.count },
            exclusiveIDs: items.lazy.filter(\.isCallersID).map(\.id.rawValue),
            mode: wait.mode
        )
    }

    /// Ends the connection for good.
    func close() {
        let connection = state.withLock { state in
            state.isClosed = true
            defer { (state.connection, state.batches) = (nil, nil) }
            return state.connection
        }
        connection?.close()
    }

    private func open() -> Batches? {
        state.withLock { state in
            if state.isClosed { return nil }
            if let batches = state.batches { return batches }
            let connection = makeConnection { [weak self] event in
                if case .ready = event { return }
                self?.connectionNumber.add(1, ordering: .relaxed)
            }
            connection.start()
            state.connection = connection
            let batches = Batches(patience: patience, timeSource: ControlThread.shared) {
                [weak self] name, items, left, done in
                guard let self, let wait = items.first?.wait else {
                    return done(.failure(BackendError(.closed, "the backend was closed")))
                }
                self.start(items.map(\.task), name, wait, within: left, connection, done)
            }
            state.batches = batches
            return batches
        }
    }

    private func start(
        _ items: [PublishItem],
        _ name: TaskName,
        _ wait: ReplicationWait,
        within time: Duration,
        _ connection: RedisConnection,
        _ completion: @escaping Batches.Completion
    ) {
        let deadline = operations.runner.timeSource.now + time + wait.time + state.withLock(\.owed)
        operations.numbers.begin(name) { [operations] number in
            let call = operations.publishCall(items, to: name, number)
            self.exchange(call, wait, until: deadline, connection, earlier: nil) { result in
                operations.numbers.end(number, name)
                completion(
                    result.read { answer throws(BackendError) in
                        try operations.published(
                            items,
                            answer.reply,
                            number,
                            durability: wait.durability(answer.replicas)
                        )
                    }
                )
            }
        }
    }

    /// Sends the script and WAIT together, until both have an answer that counts, or the time is up.
    private func exchange(
        _ call: ScriptCall,
        _ wait: ReplicationWait,
        until deadline: ContinuousClock.Instant,
        _ connection: RedisConnection,
        earlier: RedisReply?,
        _ completion: @escaping @Sendable (Result<(reply: RedisReply, replicas: Int), BackendError>) -> Void
    ) {
        let time = operations.runner.timeSource
        let runner = ScriptRunner(
            connection: connection,
            catalog: operations.runner.catalog,
            timeSource: time,
            patience: operations.runner.patience
        )
        let exchange = Mutex(ReplicatedExchange())
        let settle: @Sendable (ReplicatedExchange.Decision?) -> Void = { decision in
            switch decision {
            case nil: break
            case .done(let reply, let replicas): completion(.success((earlier ?? reply, replicas)))
            case .again(let reply) where time.now < deadline && !self.isClosed:
                self.exchange(call, wait, until: deadline, connection, earlier: earlier ?? reply, completion)
            case .again(let reply): completion(.success((earlier ?? reply, 0)))
            case .failed(let error):
                // What was stored stays stored, whatever became of the repetition.
                completion(earlier.map { .success(($0, 0)) } ?? .failure(error))
            }
        }
        let owed = state.withLock { state in
            state.owed += wait.time
            return state.owed
        }
        runner.start(call, ScriptRunner.Patience(time: deadline - time.now)) { result in
            let number = self.connectionNumber.load(ordering: .relaxed)
            settle(exchange.withLock { $0.scriptEnded(result, connection: number) })
        }
        connection.submit(wait.command, deadline: time.now + owed + patience) { result in
            self.state.withLock { $0.owed -= wait.time }
            let number = self.connectionNumber.load(ordering: .relaxed)
            let count = self.replicas(result)
            settle(exchange.withLock { $0.waitEnded(count, connection: number) })
        }
    }

    private var isClosed: Bool { state.withLock(\.isClosed) }

    /// Reads the answer to WAIT; nil if there is none, and 0 if the server does not say.
    private func replicas(_ result: Result<RedisReply, CommandFailure>) -> Int? {
        switch result {
        case .success(.integer(let count)): return Int(clamping: count)
        // Such as UNBLOCKED: the server has become a replica.
        case .success(.error(let error)) where error.category == .notPrimary || error.category == .notNow: return nil
        case .success(.error(let error)):
            // Such as a user without the right to WAIT: the task is stored, so this is no failure of the publish.
            if !hasWarned.exchange(true, ordering: .relaxed) {
                logger.warning(
                    "Redis does not say how many replicas have a task",
                    metadata: [LogKeys.error: "\(ErrorText.sanitize(error.message))"]
                )
            }
            return 0
        case .success: return 0
        case .failure: return nil
        }
    }
}
