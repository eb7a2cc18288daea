public import Bellows
import BellowsRuntime
public import Logging

/// Durable tasks on a Redis server.
///
/// One value serves a whole process: it has one connection for commands, one for signals once somebody listens, and
/// one thread for both. It reconnects by itself until it is closed.
public final class RedisBackend: WakeUpForwarding, SignalGapReporting, PartitionCountRegistry, BackendInspecting {
    /// The sizes that are taken, from the configuration.
    public let limits: TaskLimits
    /// The real clock, with timers on a thread of their own.
    public var timeSource: any TimeSource { EventLoop.shared }

    let operations: RedisOperations
    let listener: SignalListener
    let batchers: VerbBatchers
    let replicated: ReplicatedPublisher
    let configuration: RedisConfiguration
    private let loop = EndpointGroup()
    private let connections: ConnectionFactory
    private let sentinels: SentinelWatcher?
    private let firstConnection = Readiness()

    /// Makes a backend that connects in the background, so that it may be made while Redis is down. Calls wait for
    /// the connection until their time is up.
    ///
    /// - Parameters:
    ///   - configuration: where Redis is.
    ///   - logger: gets warnings about the connection; nil for none.
    /// - Throws: `BellowsError.Code.invalidConfiguration` for a setting that cannot work.
    public init(configuration: RedisConfiguration, logger: Logger? = nil) throws(BellowsError) {
        try configuration.validate()
        let logger = logger ?? .silent
        let isCluster = if case .cluster = configuration.address { true } else { false }
        let keys = RedisKeySpace(prefix: configuration.prefix, isSharded: isCluster)
        let catalog = ScriptCatalog(isCluster ? .cluster : .server, recordsCalls: configuration.recordsCalls)
        let check = ServerCheck(configuration, keys: keys, catalog: catalog, logger: logger)
        let firstConnection = firstConnection
        self.configuration = configuration
        #if TLS
            if let tls = configuration.tls { KeyFileCheck.warn(of: tls, logger) }
        #endif
        limits = configuration.limits
        let onEvent: @Sendable (ConnectionEvent) -> Void = {
            firstConnection.note($0, isServerLoading: check.isServerLoading)
        }
        let connections = ConnectionFactory(
            configuration,
            loop: loop,
            logger: logger,
            handshake: check.handshake(with:),
            onEvent: onEvent
        )
        self.connections = connections
        let observer = ResetObserver()
        let routes = ObservedRoutes(
            connections.makeRoutes(name: "commands", handshake: check.handshake(with:), onEvent: onEvent),
            onReset: observer.note
        )
        operations = RedisOperations(configuration, keys: keys, catalog: catalog, routes: routes, logger: logger)
        listener = SignalListener(operations, logger: logger, makeTransport: connections.makeTransport)
        let patience = configuration.commandTimeout
        batchers = VerbBatchers(operations, patience: patience) { name in
            routes.isIdle(for: isCluster ? keys.base(of: name) : "")
        }
        replicated = ReplicatedPublisher(operations, patience: patience, logger: logger) { onEvent in
            connections.makeRoutes(name: "replicas", handshake: check.handshake(with:), onEvent: onEvent)
        }
        connections.topology?.refresh()
        sentinels = SentinelWatcher(configuration, loop: loop) { [listener, replicated] reason in
            routes.reconnectNow(reason)
            listener.reconnectNow(reason)
            replicated.reconnectNow(reason)
        }
        if !isCluster { follow(observer) }
        sentinels?.start()
    }

    /// All connections leave a server that has become a replica.
    private func follow(_ observer: ResetObserver) {
        observer.observe { [weak listener, weak replicated] reason in
            listener?.reconnectNow(reason)
            replicated?.reconnectNow(reason)
        }
    }

    /// Connects, and fails at once if that is not possible.
    ///
    /// - Parameters:
    ///   - url: such as `redis://user:password@host:port/database`, or `unix:///path`.
    ///   - logger: gets warnings about the connection; nil for none.
    /// - Throws: `BellowsError` that says what is wrong with the URL, the credentials or the server.
    public static func connect(_ url: String, logger: Logger? = nil) async throws(BellowsError) -> RedisBackend {
        try await connect(RedisConfiguration(url: url), logger: logger)
    }

    /// Connects, and fails at once if that is not possible. A server that is still loading its data is waited for,
    /// until ``RedisConfiguration/connectTimeout`` has passed.
    ///
    /// - Parameters:
    ///   - configuration: where Redis is.
    ///   - logger: gets warnings about the connection; nil for none.
    /// - Throws: `BellowsError` that says what is wrong with the credentials or the server.
    public static func connect(
        _ configuration: RedisConfiguration,
        logger: Logger? = nil
    ) async throws(BellowsError) -> RedisBackend {
        let backend = try RedisBackend(configuration: configuration, logger: logger)
        do throws(BellowsError) {
            try await backend.firstConnection.wait(atMost: configuration.connectTimeout, on: backend.timeSource)
            return backend
        } catch {
            backend.close()
            throw error.during(.connect)
        }
    }

    /// Connects, and fails at once if that is not possible. A server that is loading its data is waited for without
    /// end.
    ///
    /// - Parameters:
    ///   - configuration: where Redis is.
    ///   - logger: gets warnings about the connection; nil for none.
    ///   - whileLoading: is called every second while the server is loading.
    /// - Throws: `BellowsError` that says what is wrong with the credentials or the server.
    package static func connect(
        _ configuration: RedisConfiguration,
        logger: Logger?,
        whileLoading: () -> Void
    ) async throws -> RedisBackend {
        let backend = try RedisBackend(configuration: configuration, logger: logger)
        let time = backend.timeSource
        let start = time.now
        do {
            while true {
                if let result = await backend.firstConnection.result(within: .seconds(1), on: time) {
                    try result.get()
                    return backend
                }
                // A server that loads answers seldom: what it said counts for as long as a connection may take.
                let loadingAt = backend.firstConnection.loadingAt
                if loadingAt != nil { whileLoading() }
                try Task.checkCancellation()
                guard time.now < (loadingAt ?? start) + configuration.connectTimeout else {
                    throw Readiness.isLate(configuration.connectTimeout)
                }
            }
        } catch {
            backend.close()
            throw error
        }
    }

    deinit {
        close()
    }

    /// Ends all connections. Calls that are under way, and all later ones, fail with `BellowsError.Code.closed` or,
    /// if they were sent, `BellowsError.Code.outcomeUnknown`. Subscriptions end.
    public func close() {
        listener.close()
        sentinels?.close()
        connections.topology?.close()
        operations.runner.routes.close()
        replicated.close()
        loop.stop()
    }
}
