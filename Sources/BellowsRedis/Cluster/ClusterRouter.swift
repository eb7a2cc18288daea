import Bellows
import BellowsRuntime
import Logging
import Synchronization

/// Commands for a cluster: each goes to the server that keeps its key, over one connection per server in use.
///
/// Redirects (MOVED, ASK) are followed by ``ScriptRunner``, as ``CallAttempt`` decides; here the map is corrected.
final class ClusterRouter: CommandRoutes {
    typealias Node = RedisConfiguration.Node

    private struct State {
        var connections: [Node: RedisConnection] = [:]
        var watch = AnswerWatch()
        var isClosed = false
    }

    private let topology: ClusterTopology
    private let makeConnection: @Sendable (Node, @escaping @Sendable (ConnectionEvent) -> Void) -> RedisConnection
    private let state = Mutex(State())

    /// Makes a router without connections.
    ///
    /// - Parameters:
    ///   - topology: who keeps what.
    ///   - makeConnection: makes a connection to a server, which is not started yet.
    init(
        topology: ClusterTopology,
        makeConnection:
            @escaping @Sendable (Node, @escaping @Sendable (ConnectionEvent) -> Void) -> RedisConnection
    ) {
        self.topology = topology
        self.makeConnection = makeConnection
        topology.observe { [weak self] in self?.retire(allBut: Set($0.primaries)) }
    }

    deinit {
        close()
    }

    var followsRedirects: Bool { true }
    var everywhere: [CommandTarget] {
        let nodes = topology.map.primaries
        // Nobody knows yet, which must not look like nothing: a command for any server waits for the map.
        return nodes.isEmpty ? [.any] : nodes.map { .node($0) }
    }

    func submit(
        _ command: RedisCommand,
        to target: CommandTarget,
        deadline: ContinuousClock.Instant,
        _ completion: @escaping PendingCommand.Completion
    ) {
        let isAsking = if case .asking = target { true } else { false }
        guard let node = node(for: target), let connection = connection(to: node, isAsking: isAsking) else {
            topology.refresh()
            return completion(.failure(topology.problem))
        }
        let now = EventLoop.shared.now
        if state.withLock({ $0.watch.sent(to: node, now) }) { arrangeLook(now) }
        connection.submit(command, isAsking: isAsking, deadline: deadline) { [weak self] result in
            self?.state.withLock { $0.watch.ended(at: node, EventLoop.shared.now) }
            if case .success(.error(let error)) = result { self?.learn(from: error, of: node) }
            // A server that keeps nothing any more is left; what waited for it goes to its successor.
            if case .failure(.closed) = result, self?.state.withLock(\.isClosed) == false {
                return completion(.failure(.notSent("the slot is kept by another server now")))
            }
            completion(result)
        }
    }

    func isIdle(for key: String) -> Bool {
        guard let node = node(for: .key(key)) else { return false }
        return state.withLock { $0.connections[node] }?.isIdle ?? false
    }

    func note(_ redirect: ClusterRedirect) {
        if case .moved(let slot, let node) = redirect { topology.move(slot, to: node) }
    }

    func reset(_ target: CommandTarget, _ reason: String) {
        guard let node = node(for: target) else { return }
        state.withLock { $0.connections[node] }?.reset(reason)
        topology.refresh()
    }

    /// A cluster tells by redirects where to go.
    func reconnectNow(_ reason: String) {
        topology.refresh()
    }

    func connection(for key: String) -> RedisConnection? {
        node(for: .key(key)).flatMap { connection(to: $0, isAsking: false) }
    }

    func close() {
        let connections = state.withLock { state in
            state.isClosed = true
            defer { state.connections = [:] }
            return state.connections
        }
        for connection in connections.values { connection.close() }
    }

    /// Learns from errors that name no other server.
    private func learn(from error: RedisServerError, of node: Node) {
        switch error.category {
        case .redirect where error.redirect == nil: topology.refresh()
        case .clusterDown: topology.distrust(node)
        default: break
        }
    }

    /// A primary that hangs closes no connection, and its successor tells nobody.
    private func arrangeLook(_ now: ContinuousClock.Instant) {
        _ = EventLoop.shared.schedule(at: now + AnswerWatch.interval) { [weak self] in
            let now = EventLoop.shared.now
            guard let self else { return }
            let (isSilent, looksAgain) = state.withLock { state in
                state.isClosed ? (false, false) : state.watch.look(now)
            }
            if isSilent { topology.refresh() }
            if looksAgain { arrangeLook(now) }
        }
    }

    private func node(for target: CommandTarget) -> Node? {
        switch target {
        case .key(let key): topology.map.primary(of: HashSlot(of: key))
        case .node(let node), .asking(let node): node
        case .any: topology.map.primaries.randomElement()
        }
    }

    /// The connection to a server; a new one only to a server that keeps slots, or is about to.
    private func connection(to node: Node, isAsking: Bool) -> RedisConnection? {
        if let connection = state.withLock({ $0.connections[node] }) { return connection }
        guard isAsking || topology.map.primaries.contains(node) else { return nil }
        return state.withLock { state in
            if let connection = state.connections[node] { return connection }
            guard !state.isClosed else { return nil }
            let connection = makeConnection(node) { [weak topology] in topology?.note($0, of: node) }
            state.connections[node] = connection
            connection.start()
            return connection
        }
    }

    private func retire(allBut nodes: Set<Node>) {
        let retired = state.withLock { state in
            let old = state.connections.filter { !nodes.contains($0.key) }
            for node in old.keys { state.connections[node] = nil }
            return old
        }
        for connection in retired.values { connection.close() }
    }
}
