import Bellows
import BellowsRuntime
import Logging
import Synchronization

/// Knows which server of a cluster keeps what, and asks again whenever that may have changed.
///
/// Every search has a connection of its own, to whichever server answers: those that keep slots may all be new.
final class ClusterTopology: Sendable {
    typealias Node = RedisConfiguration.Node

    private struct State {
        var map = ClusterMap()
        var search = ClusterSearch()
        var finder: RedisConnection?
        /// Servers that the present search has not asked yet.
        var candidates: [Node] = []
        var searchNumber = 0
        /// The map that the present search has read.
        var news: ClusterMap?
        var timer: TimerToken?
        /// Servers that our connections reach.
        var reachable: Set<Node> = []
        /// Servers that our connections do not reach.
        var unreachable: Set<Node> = []
        var problem = CommandFailure.notSent("the cluster has not told yet which server keeps what")
        var observers: [@Sendable (ClusterMap) -> Void] = []
        var throttle = LogThrottle()
        var isClosed = false
    }

    /// A search must not wait long for a server that has died.
    private static let patience = Duration.seconds(1)

    private let configuration: RedisConfiguration
    private let seeds: [Node]
    private let loop: EndpointGroup
    private let logger: Logger
    private let handshake: @Sendable () -> [HandshakeStep]
    private let onEvent: @Sendable (ConnectionEvent) -> Void
    private let state = Mutex(State())

    /// Makes a topology that knows nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: how to reach the servers.
    ///   - seeds: the servers that are asked first.
    ///   - loop: the thread that does the work.
    ///   - logger: gets one line in ten seconds at most.
    ///   - handshake: what is sent to a server before it is asked.
    ///   - onEvent: gets the outcome of each search, on the event loop, and must not block.
    init(
        configuration: RedisConfiguration,
        seeds: [Node],
        loop: EndpointGroup,
        logger: Logger,
        handshake: @escaping @Sendable () -> [HandshakeStep],
        onEvent: @escaping @Sendable (ConnectionEvent) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.seeds = seeds
        self.loop = loop
        self.logger = logger
        self.handshake = handshake
        self.onEvent = onEvent
    }

    /// What is known.
    var map: ClusterMap { state.withLock(\.map) }

    /// Why nothing is known.
    var problem: CommandFailure { state.withLock(\.problem) }

    /// Tells of each new map, on any thread.
    func observe(_ observer: @escaping @Sendable (ClusterMap) -> Void) {
        state.withLock { $0.observers.append(observer) }
    }

    /// Asks a server, soon.
    func refresh() {
        perform(state.withLock { $0.isClosed ? nil : $0.search.wanted() })
    }

    /// A server has said that another one keeps a slot.
    func move(_ slot: HashSlot, to node: Node) {
        let (map, observers) = state.withLock { state -> (ClusterMap, [@Sendable (ClusterMap) -> Void]) in
            guard state.map.primary(of: slot) != node else { return (state.map, []) }
            state.map.move(slot, to: node)
            return (state.map, state.observers)
        }
        for observer in observers { observer(map) }
        refresh()
    }

    /// A server says that it is cut off from the others: what it knows may be old.
    func distrust(_ node: Node) {
        state.withLock { _ = $0.reachable.remove(node) }
        refresh()
    }

    /// Learns how a connection to a server fares.
    func note(_ event: ConnectionEvent, of node: Node) {
        switch event {
        case .ready:
            state.withLock { state in
                state.reachable.insert(node)
                state.unreachable.remove(node)
            }
        // Another server will not let us in either, and nobody takes the place of this one for it.
        case .failed(let error) where !error.isRetryable: break
        case .lost, .failed:
            state.withLock { state in
                state.reachable.remove(node)
                state.unreachable.insert(node)
            }
            refresh()
        case .closed:
            state.withLock { state in
                state.reachable.remove(node)
                state.unreachable.remove(node)
            }
        }
    }

    /// Ends the search for good.
    func close() {
        let (finder, timer) = state.withLock { state in
            state.isClosed = true
            state.search.close()
            state.problem = .closed
            state.observers = []
            defer { (state.finder, state.timer) = (nil, nil) }
            return (state.finder, state.timer)
        }
        finder?.close()
        if let timer { EventLoop.shared.cancel(timer) }
    }

    private func perform(_ action: ClusterSearch.Action?) {
        switch action {
        case .search: search()
        case .pause(let time):
            let timer = EventLoop.shared.schedule(at: EventLoop.shared.now + time) { [weak self] in
                guard let self else { return }
                self.perform(self.state.withLock { $0.search.timePassed() })
            }
            state.withLock { $0.timer = timer }
        case nil: break
        }
    }

    private func search() {
        let isFirst = state.withLock { state in
            let others = state.map.primaries.filter { !state.reachable.contains($0) }
            // Who is in use is likely to be alive, and seeds may be long gone.
            state.candidates = state.reachable.shuffled()
            for node in others.shuffled() + seeds.shuffled() where !state.candidates.contains(node) {
                state.candidates.append(node)
            }
            return state.map.isEmpty
        }
        // The first search is waited for by somebody who has set a time for it.
        let time = configuration.connectTimeout
        askNext(patience: isFirst ? time / max(1, seeds.count) : min(time, Self.patience))
    }

    /// Asks the next candidate.
    ///
    /// - Returns: false if there is none.
    @discardableResult
    private func askNext(patience: Duration) -> Bool {
        let finder = state.withLock { state -> RedisConnection? in
            guard !state.isClosed, !state.candidates.isEmpty else { return nil }
            state.searchNumber += 1
            state.news = nil
            let finder = makeFinder(state.candidates.removeFirst(), state.searchNumber, patience)
            state.finder = finder
            return finder
        }
        finder?.start()
        return finder != nil
    }

    private func makeFinder(_ node: Node, _ number: Int, _ patience: Duration) -> RedisConnection {
        var configuration = configuration
        configuration.address = .tcp(host: node.host, port: node.port)
        configuration.connectTimeout = patience
        let handshake = handshake
        return RedisConnection(
            configuration: configuration,
            loop: loop,
            name: "cluster map",
            handshake: { [weak self] in
                let step = HandshakeStep(command: RedisCommand("CLUSTER", "SLOTS")) { [weak self] in
                    self?.read($0, node.host, number)
                }
                return handshake() + [step]
            },
            logger: .silent,
            onEvent: { [weak self] in self?.searchEnded($0, number, patience) }
        )
    }

    private func read(_ reply: RedisReply, _ host: String, _ number: Int) -> BellowsError? {
        if case .error(let error) = reply { return error.backendError }
        guard let map = ClusterMap(slots: reply, from: host) else {
            return RedisReply.unexpected(to: "CLUSTER SLOTS")
        }
        guard !map.isEmpty else { return BellowsError(.unavailable, "no server of the cluster serves any slot") }
        state.withLock { state in
            if state.searchNumber == number { state.news = map }
        }
        return nil
    }

    private func searchEnded(_ event: ConnectionEvent, _ number: Int, _ patience: Duration) {
        switch event {
        case .ready: found(number)
        case .failed(let error):
            let (finder, isLast) = state.withLock { state -> (RedisConnection?, Bool) in
                guard state.searchNumber == number else { return (nil, false) }
                state.problem =
                    error.isRetryable ? .notSent(error.message) : .refused(code: error.code, message: error.message)
                defer { state.finder = nil }
                return (state.finder, state.candidates.isEmpty)
            }
            guard let finder else { return }
            finder.close()
            guard isLast else { return _ = askNext(patience: patience) }
            var random = SystemRandomNumberGenerator()
            let action = state.withLock { state in
                log(error, &state)
                return state.search.failed(random: &random)
            }
            perform(action)
        case .lost, .closed: return
        }
        onEvent(event)
    }

    private func found(_ number: Int) {
        var observers: [@Sendable (ClusterMap) -> Void] = []
        let (finder, map, action) = state.withLock { state -> (RedisConnection?, ClusterMap, ClusterSearch.Action?) in
            guard state.searchNumber == number, let news = state.news else { return (nil, state.map, nil) }
            observers = state.observers
            state.map = news
            state.problem = .notSent("no server of the cluster keeps the slot")
            state.unreachable.formIntersection(news.primaries)
            defer { state.finder = nil }
            return (state.finder, news, state.search.found(isSettled: news.isComplete && state.unreachable.isEmpty))
        }
        finder?.close()
        for observer in observers { observer(map) }
        perform(action)
    }

    private func log(_ error: BellowsError, _ state: inout State) {
        guard let count = state.throttle.pass(now: EventLoop.shared.now) else { return }
        logger.warning(
            "the cluster does not tell which server keeps what",
            metadata: [LogKeys.error: "\(ErrorText.sanitize(error.message))", "suppressed": "\(count)"]
        )
    }
}
