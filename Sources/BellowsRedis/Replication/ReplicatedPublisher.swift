import Bellows
import BellowsRuntime
import Logging
import Synchronization

/// Publishes that wait for replicas, on connections of their own: WAIT holds up everything behind it.
///
/// They are made by the first such publish.
final class ReplicatedPublisher: Sendable {
    private typealias Batches = CallBatcher<Item, PublishedTask>
    fileprivate typealias Answer = Result<(reply: RedisReply, replicas: Int), BellowsError>

    /// A task and what its publish waits for.
    private struct Item: Sendable {
        let task: PublishItem
        let wait: ReplicationWait
    }

    private struct State {
        var routes: (any CommandRoutes)?
        var batches: Batches?
        /// The time that the WAITs under way may take one after the other.
        var owed = Duration.zero
        var isClosed = false
    }

    private let operations: RedisOperations
    private let patience: Duration
    private let logger: Logger
    private let makeRoutes: MakeRoutes
    private let state = Mutex(State())
    /// How many connections have been lost; another number means that some connection is not the same any more.
    private let losses = Atomic<Int>(0)
    private let hasWarned = Atomic<Bool>(false)

    /// Makes the way of commands, with an observer of all its connections.
    typealias MakeRoutes = @Sendable (@escaping @Sendable (ConnectionEvent) -> Void) -> any CommandRoutes

    /// The number that identifies a connection.
    private struct Line: Equatable {
        let connection: ObjectIdentifier?
        let losses: Int
    }

    init(
        _ operations: RedisOperations,
        patience: Duration,
        logger: Logger,
        makeRoutes: @escaping MakeRoutes
    ) {
        // WAIT may take long, and nobody else's call has to wait until it is over.
        self.operations = operations.withOwnIdentity()
        self.patience = patience
        self.logger = logger
        self.makeRoutes = makeRoutes
    }

    /// Stores tasks, and waits for replicas.
    func publish(
        _ items: [PublishItem],
        to name: TaskName,
        _ wait: ReplicationWait
    ) async throws(BellowsError) -> [PublishedTask] {
        guard let batches = open() else { throw BellowsError(.closed, "the backend was closed") }
        return try await batches.call(
            items.map { Item(task: $0, wait: wait) },
            in: name,
            bytes: items.reduce(0) { $0 + $1.record.count },
            exclusiveIDs: items.lazy.filter(\.isCallersID).map(\.id.rawValue),
            mode: wait.mode
        )
    }

    /// Makes the connection again, if there is one.
    func reconnectNow(_ reason: String) {
        state.withLock(\.routes)?.reconnectNow(reason)
    }

    /// Ends the connections for good.
    func close() {
        let routes = state.withLock { state in
            state.isClosed = true
            defer { (state.routes, state.batches) = (nil, nil) }
            return state.routes
        }
        routes?.close()
    }

    private func open() -> Batches? {
        state.withLock { state in
            if state.isClosed { return nil }
            if let batches = state.batches { return batches }
            let routes = makeRoutes { [weak self] event in
                if case .ready = event { return }
                self?.losses.add(1, ordering: .relaxed)
            }
            state.routes = routes
            let batches = Batches(patience: patience, timeSource: EventLoop.shared) {
                [weak self] name, items, left, done in
                guard let self, let wait = items.first?.wait else {
                    return done(.failure(BellowsError(.closed, "the backend was closed")))
                }
                self.start(items.map(\.task), name, wait, within: left, routes, done)
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
        _ routes: any CommandRoutes,
        _ completion: @escaping Batches.Completion
    ) {
        let deadline = operations.runner.timeSource.now + time + wait.time + state.withLock(\.owed)
        operations.numbers.begin(name) { [operations] number in
            let call = operations.publishCall(items, to: name, number)
            self.exchange(call, wait, until: deadline, routes, earlier: nil) { result in
                operations.numbers.end(number, name)
                completion(
                    result.read { answer throws(BellowsError) in
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
        _ routes: any CommandRoutes,
        earlier: RedisReply?,
        _ completion: @escaping @Sendable (Answer) -> Void
    ) {
        let time = operations.runner.timeSource
        let noting = ObservedRoutes(routes)
        let runner = operations.runner.on(noting)
        let exchange = Mutex(ReplicatedExchange<Line>())
        let settle: @Sendable (ReplicatedExchange<Line>.Decision?) -> Void = { decision in
            guard let decision else { return }
            let isInTime = time.now + runner.patience.least < deadline
            if isInTime, case .again(let reply) = decision, !self.isClosed {
                return self.exchange(call, wait, until: deadline, routes, earlier: earlier ?? reply, completion)
            }
            completion(decision.answer(earlier: earlier))
        }
        let owed = state.withLock { state in
            state.owed += wait.time
            return state.owed
        }
        let key = call.keys[0]
        let connection = routes.connection(for: key)
        let line: @Sendable (RedisConnection?) -> Line = { connection in
            Line(connection: connection.map(ObjectIdentifier.init), losses: self.losses.load(ordering: .relaxed))
        }
        let sendScript = {
            runner.start(call, ScriptRunner.CallBudget(time: deadline - time.now)) { result in
                // A script that a cluster has sent elsewhere has nothing to do with this WAIT.
                let answered = noting.wasRedirected ? nil : routes.connection(for: key)
                settle(exchange.withLock { $0.scriptEnded(result, connection: line(answered)) })
            }
        }
        let waitEnded: @Sendable (Result<RedisReply, CommandFailure>) -> Void = { result in
            self.state.withLock { $0.owed -= wait.time }
            let count = self.replicas(result)
            settle(exchange.withLock { $0.waitEnded(count, connection: line(connection)) })
        }
        guard let connection else {
            sendScript()
            return waitEnded(.failure(.notSent("nobody keeps the slot")))
        }
        connection.sendTogether {
            sendScript()
            connection.submit(wait.command, deadline: time.now + owed + patience, waitEnded)
        }
    }

    private var isClosed: Bool { state.withLock(\.isClosed) }

    /// Reads the answer to WAIT; nil if there is none, and 0 if the server does not say.
    private func replicas(_ result: Result<RedisReply, CommandFailure>) -> Int? {
        switch result {
        case .success(.integer(let count)): return Int(clamping: count)
        // Such as UNBLOCKED: the server has become a replica.
        case .success(.error(let error)) where error.backendError.isRetryable: return nil
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

extension ReplicatedExchange.Decision {
    /// The answer to the caller, if nothing is repeated any more.
    ///
    /// - Parameter earlier: the reply to the first script, if this was a repetition. What was stored stays stored,
    ///   whatever became of that.
    fileprivate func answer(earlier: RedisReply?) -> ReplicatedPublisher.Answer {
        switch self {
        case .done(let reply, let replicas): .success((earlier ?? reply, replicas))
        case .again(let reply): .success((earlier ?? reply, 0))
        case .failed(let error): earlier.map { .success(($0, 0)) } ?? .failure(error)
        }
    }
}
