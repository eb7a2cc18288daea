import Bellows
import Synchronization

/// Asks Sentinels where the primary of a service is, one after the other, each for half a second at most.
final class SentinelInquiry: Sendable {
    typealias Completion = @Sendable (Result<ServerLocation, SocketError>) -> Void

    private struct State {
        var remaining: ArraySlice<RedisConfiguration.Node>
        /// The Sentinel that is being asked.
        var sentinel: RedisConfiguration.Node?
        var connection: RedisConnection?
        /// Why the last Sentinel was of no use.
        var problem = "none is given"
        /// Nil once it was called.
        var completion: Completion?
    }

    /// What one Sentinel may take: the next one may know as well.
    private static let patience = Duration.milliseconds(500)

    private let configuration: RedisConfiguration
    private let service: String
    private let loop = IOLoop()
    private let state: Mutex<State>

    /// Begins to ask.
    ///
    /// - Parameters:
    ///   - sentinels: are asked in any order: one that was cut off from the others is wrong each time that it is asked.
    ///   - service: what the Sentinels call the primary and its replicas.
    ///   - configuration: how to reach them.
    ///   - completion: is called once, on any thread.
    static func start(
        _ sentinels: [RedisConfiguration.Node],
        about service: String,
        _ configuration: RedisConfiguration,
        _ completion: @escaping Completion
    ) {
        SentinelInquiry(sentinels, service, configuration, completion).askNext()
    }

    private init(
        _ sentinels: [RedisConfiguration.Node],
        _ service: String,
        _ configuration: RedisConfiguration,
        _ completion: @escaping Completion
    ) {
        (self.service, self.configuration) = (service, configuration)
        state = Mutex(State(remaining: sentinels.shuffled()[...], completion: completion))
    }

    private func askNext() {
        let (sentinel, problem) = state.withLock { state in
            state.sentinel = state.remaining.popFirst()
            return (state.sentinel, state.problem)
        }
        guard let sentinel else {
            return end(.failure(SocketError("no Sentinel tells where the primary of \(service) is; \(problem)")))
        }
        let configuration = configuration.ofSentinel(sentinel)
        // Everything here holds this inquiry until the connection is given up.
        let connection = RedisConnection(
            configuration: configuration,
            loop: loop,
            name: "sentinel",
            handshake: { HandshakeStep.login(configuration) },
            logger: .silent,
            onEvent: { event in
                if case .failed(let error) = event { self.giveUp(sentinel, error.message) }
            }
        )
        state.withLock { $0.connection = connection }
        connection.submit(
            RedisCommand("SENTINEL", "get-master-addr-by-name", service),
            deadline: ControlThread.shared.now + Self.patience
        ) { result in
            switch result {
            case .success(let reply): self.take(Self.primary(in: reply), from: sentinel)
            case .failure(.refused(_, let message)): self.giveUp(sentinel, message)
            case .failure: self.giveUp(sentinel, "it does not answer")
            }
        }
        connection.start()
    }

    private func take(_ answer: Result<RedisConfiguration.Node, SocketError>, from sentinel: RedisConfiguration.Node) {
        switch answer {
        case .failure(let error): giveUp(sentinel, error.message)
        case .success(let node):
            guard drop(sentinel) else { return }
            Resolver.resolve(host: node.host, port: node.port) { self.end($0) }
        }
    }

    private func giveUp(_ sentinel: RedisConfiguration.Node, _ problem: String) {
        guard drop(sentinel) else { return }
        state.withLock { $0.problem = "\(sentinel): \(problem)" }
        askNext()
    }

    /// Ends the connection to a Sentinel; false if it has ended before.
    private func drop(_ sentinel: RedisConfiguration.Node) -> Bool {
        let (isPresent, connection) = state.withLock { state in
            guard state.sentinel == sentinel else { return (false, nil as RedisConnection?) }
            defer { (state.sentinel, state.connection) = (nil, nil) }
            return (true, state.connection)
        }
        connection?.close()
        return isPresent
    }

    private func end(_ result: Result<ServerLocation, SocketError>) {
        let completion = state.withLock { state in
            defer { state.completion = nil }
            return state.completion
        }
        completion?(result)
    }

    /// Reads the answer of a Sentinel.
    static func primary(in reply: RedisReply) -> Result<RedisConfiguration.Node, SocketError> {
        switch reply {
        case .array(let parts):
            guard parts.count == 2, let host = parts[0].asText, !host.isEmpty,
                let port = parts[1].asNumber.flatMap(UInt16.init(exactly:))
            else { return .failure(SocketError("its answer makes no sense")) }
            return .success(RedisConfiguration.Node(host: host, port: port))
        case .null: return .failure(SocketError("it does not know that service"))
        case .error(let error): return .failure(SocketError(error.message))
        default: return .failure(SocketError("its answer makes no sense"))
        }
    }
}

extension RedisConfiguration {
    /// How to reach one of the Sentinels: encrypted as the servers are, but with a user and a password of its own.
    func ofSentinel(_ node: Node) -> RedisConfiguration {
        var configuration = self
        configuration.address = .tcp(host: node.host, port: node.port)
        (configuration.username, configuration.password) = (sentinelUsername, sentinelPassword)
        configuration.database = 0
        // A Sentinel says little.
        configuration.maximumReplyBytes = 64 << 10
        return configuration
    }
}
