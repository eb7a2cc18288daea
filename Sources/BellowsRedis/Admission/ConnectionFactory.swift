import Bellows
import Logging

/// Makes the connections of a backend: to one server, or to those of a cluster.
struct ConnectionFactory: Sendable {
    let configuration: RedisConfiguration
    let loop: EndpointGroup
    let logger: Logger
    /// Who keeps what in a cluster; nil for one server.
    let topology: ClusterTopology?

    /// What is sent on each new connection before any command.
    typealias Handshake = @Sendable (ServerFacts.Role) -> [HandshakeStep]

    /// Makes none yet.
    ///
    /// - Parameters:
    ///   - configuration: where the server or the cluster is.
    ///   - loop: the thread that does the work.
    ///   - logger: gets one line in ten seconds and connection at most.
    ///   - handshake: what is sent to a server that tells who keeps what.
    ///   - onEvent: gets the outcome of each look for the servers of a cluster.
    init(
        _ configuration: RedisConfiguration,
        loop: EndpointGroup,
        logger: Logger,
        handshake: @escaping Handshake,
        onEvent: @escaping @Sendable (ConnectionEvent) -> Void
    ) {
        self.configuration = configuration
        self.loop = loop
        self.logger = logger
        guard case .cluster(let seeds) = configuration.address else {
            topology = nil
            return
        }
        topology = ClusterTopology(
            configuration: configuration,
            seeds: seeds,
            loop: loop,
            logger: logger,
            handshake: { handshake(.clusterGuide) },
            onEvent: onEvent
        )
    }

    /// How scripts are written for it.
    var dialect: ScriptDialect { topology == nil ? .server : .cluster }

    /// Makes the way of commands, and begins to connect to one server if there is only one.
    ///
    /// - Parameters:
    ///   - name: what log lines call the connections.
    ///   - handshake: what is sent on each new one.
    ///   - onEvent: what becomes of each connection.
    func makeRoutes(
        name: String,
        handshake: @escaping Handshake,
        onEvent: @escaping @Sendable (ConnectionEvent) -> Void
    ) -> any CommandRoutes {
        guard let topology else {
            let connection = RedisConnection(
                configuration: configuration,
                loop: loop,
                name: name,
                handshake: { handshake(.onlyServer) },
                logger: logger,
                onEvent: onEvent
            )
            connection.start()
            return connection
        }
        return ClusterRouter(topology: topology) { node, noteEvent in
            RedisConnection(
                configuration: configuration(for: node),
                loop: loop,
                name: "\(name) of \(node)",
                handshake: { handshake(.clusterPrimary) },
                logger: logger,
                onEvent: { event in
                    noteEvent(event)
                    onEvent(event)
                }
            )
        }
    }

    /// Makes the way of messages, which is not started yet.
    func makeTransport(_ onEvent: @escaping @Sendable (SubscriptionConnection.SubscriptionEvent) -> Void)
        -> any SignalTransport
    {
        let login: @Sendable () -> [HandshakeStep] = { HandshakeStep.login(configuration) }
        // In a cluster the map of slots tells who has become a replica.
        let greeting: @Sendable () -> [HandshakeStep] = { login() + [HandshakeStep.primaryOnly] }
        guard let topology else {
            return SubscriptionConnection(
                configuration: configuration,
                loop: loop,
                name: "signals",
                handshake: greeting,
                logger: logger,
                onEvent: onEvent
            )
        }
        let makeConnection: ClusterSubscriptions.MakeConnection = { node, onEvent in
            SubscriptionConnection(
                configuration: configuration(for: node),
                loop: loop,
                name: "signals of \(node)",
                isSharded: true,
                handshake: login,
                logger: logger,
                onEvent: onEvent
            )
        }
        return ClusterSubscriptions(topology: topology, makeConnection: makeConnection, onEvent: onEvent)
    }

    private func configuration(for node: RedisConfiguration.Node) -> RedisConfiguration {
        var configuration = configuration
        configuration.address = .tcp(host: node.host, port: node.port)
        return configuration
    }
}
