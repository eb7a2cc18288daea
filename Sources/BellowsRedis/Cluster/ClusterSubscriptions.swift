import Bellows
import Synchronization

/// The channels of a cluster: each is heard on the server that keeps its slot, over one connection per server in use.
final class ClusterSubscriptions: SignalTransport {
    typealias Node = RedisConfiguration.Node
    typealias Event = SubscriptionConnection.SubscriptionEvent
    typealias MakeConnection = @Sendable (Node, @escaping @Sendable (Event) -> Void) -> SubscriptionConnection

    private struct State {
        var plan = SubscriptionPlan()
        var connections: [Node: SubscriptionConnection] = [:]
        var isClosed = false
    }

    private let topology: ClusterTopology
    private let makeConnection: MakeConnection
    private let onEvent: @Sendable (Event) -> Void
    private let state = Mutex(State())

    /// Makes it without connections.
    ///
    /// - Parameters:
    ///   - topology: who keeps what.
    ///   - makeConnection: makes a connection to a server, which is not started yet.
    ///   - onEvent: is called on the event loop and must not block.
    init(
        topology: ClusterTopology,
        makeConnection: @escaping MakeConnection,
        onEvent: @escaping @Sendable (Event) -> Void
    ) {
        self.topology = topology
        self.makeConnection = makeConnection
        self.onEvent = onEvent
        topology.observe { [weak self] map in
            guard self?.change({ $0.adopt(map) }) == true else { return }
            onEvent(.lost("channels are on other servers now"))
        }
    }

    func start() {
        change { $0.adopt(topology.map) }
    }

    func subscribe(_ channels: [String]) {
        change { $0.want(channels) }
    }

    func unsubscribe(_ channels: [String]) {
        change { $0.unwant(channels) }
    }

    func reset(_ reason: String) {
        for connection in state.withLock(\.connections).values { connection.reset(reason) }
        topology.refresh()
    }

    func reconnectNow(_ reason: String) {
        topology.refresh()
    }

    func close() {
        let connections = state.withLock { state in
            state.isClosed = true
            defer { state.connections = [:] }
            return state.connections
        }
        for connection in connections.values { connection.close() }
    }

    /// Changes the plan and performs what follows, in one step: the order of changes is that of their effects.
    ///
    /// - Returns: whether something is not heard for a while that was heard before.
    @discardableResult
    private func change(_ change: (inout SubscriptionPlan) -> [SubscriptionPlan.Action]) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            let wasInForce = state.plan.isInForce
            for action in change(&state.plan) {
                switch action {
                case .subscribe(let channels, let node): connection(to: node, &state).subscribe(channels)
                case .unsubscribe(let channels, let node): state.connections[node]?.unsubscribe(channels)
                case .leave(let node): state.connections.removeValue(forKey: node)?.close()
                }
            }
            return wasInForce && !state.plan.isInForce
        }
    }

    private func connection(to node: Node, _ state: inout State) -> SubscriptionConnection {
        if let connection = state.connections[node] { return connection }
        let connection = makeConnection(node) { [weak self] in self?.handle($0, of: node) }
        state.connections[node] = connection
        connection.start()
        return connection
    }

    private func handle(_ event: Event, of node: Node) {
        switch event {
        case .message, .partInForce: onEvent(event)
        case .inForce:
            topology.note(.ready, of: node)
            let isInForce = state.withLock { state in
                state.plan.noteInForce(node)
                return state.plan.isInForce
            }
            onEvent(isInForce ? .inForce : .partInForce)
        case .lost(let reason):
            state.withLock { $0.plan.noteLost(node) }
            topology.note(.lost(reason), of: node)
            onEvent(event)
        case .failed(let error):
            state.withLock { $0.plan.noteLost(node) }
            topology.note(.failed(error), of: node)
            onEvent(event)
        // We closed it, because the server keeps none of our channels any more.
        case .closed: topology.note(.closed, of: node)
        }
    }
}
