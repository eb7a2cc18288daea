import Bellows
import BellowsRuntime
import Synchronization

/// Asks Sentinels where the primary of a service is, one address after the other, each for a limited time.
final class SentinelInquiry: Sendable {
    typealias Completion = @Sendable (Result<ServerLocation, SocketError>) -> Void

    /// Whom to ask.
    private enum Step {
        /// A Sentinel whose addresses are not known yet.
        case lookUp(RedisConfiguration.Node)
        case ask(RedisConfiguration.Node, address: String)
    }

    private struct State {
        var remaining: [Step]
        /// Counts those who were asked, so that echoes of earlier ones are recognised.
        var number = 0
        /// The connection to the one who is being asked.
        var connection: RedisConnection?
        /// Why nobody was of use: the last reason, or one that waiting does not mend.
        var problem = SocketError("none is given")
        /// Whether somebody failed in a way that may pass by itself.
        var mayPass = false

        mutating func note(_ new: SocketError) {
            mayPass = mayPass || new.isRetryable
            if problem.isRetryable || !new.isRetryable { problem = new }
        }
        /// Nil once it was called.
        var completion: Completion?
    }

    private let configuration: RedisConfiguration
    private let service: String
    private let loop = EndpointGroup()
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
        SentinelInquiry(sentinels, service, configuration, completion).goOn()
    }

    private init(
        _ sentinels: [RedisConfiguration.Node],
        _ service: String,
        _ configuration: RedisConfiguration,
        _ completion: @escaping Completion
    ) {
        (self.service, self.configuration) = (service, configuration)
        state = Mutex(State(remaining: sentinels.shuffled().map(Step.lookUp), completion: completion))
    }

    private func goOn() {
        let (step, problem, mayPass) = state.withLock { state in
            (state.remaining.isEmpty ? nil : state.remaining.removeFirst(), state.problem, state.mayPass)
        }
        switch step {
        case nil:
            let text = "no Sentinel tells where the primary of \(service) is; \(problem.message)"
            end(.failure(SocketError(text, code: mayPass ? .unavailable : problem.code)))
        case .lookUp(let sentinel):
            // Name servers may take their time.
            Resolver.resolve(host: sentinel.host, port: sentinel.port) { self.found($0, sentinel) }
        case .ask(let sentinel, let address): ask(sentinel, at: address)
        }
    }

    private func found(_ result: Result<ServerLocation, SocketError>, _ sentinel: RedisConfiguration.Node) {
        state.withLock { state in
            switch result {
            case .success(let location):
                let steps = location.endpoints.compactMap { endpoint in
                    if case .tcp(let address, _) = endpoint { Step.ask(sentinel, address: address) } else { nil }
                }
                // Another Sentinel is asked before a second address of this one.
                state.remaining.insert(contentsOf: steps.prefix(1), at: 0)
                state.remaining += steps.dropFirst()
            case .failure(let error): state.note(SocketError("\(sentinel): \(error.message)"))
            }
        }
        goOn()
    }

    private func ask(_ sentinel: RedisConfiguration.Node, at address: String) {
        var configuration = configuration.ofSentinel(sentinel, at: address)
        let patience = configuration.sentinelPatience
        // An attempt to connect has more to tell than a call that was not sent.
        configuration.connectTimeout = min(configuration.connectTimeout, patience - .milliseconds(50))
        let number = state.withLock { state in
            state.number += 1
            return state.number
        }
        // Everything here holds this inquiry until the connection is given up.
        let connection = RedisConnection(
            configuration: configuration,
            loop: loop,
            name: "sentinel",
            handshake: { [configuration] in HandshakeStep.login(configuration) },
            logger: .silent,
            onEvent: { event in
                guard case .failed(let error) = event else { return }
                self.giveUp(number, sentinel, SocketError(error.message, code: error.code))
            }
        )
        state.withLock { $0.connection = connection }
        connection.submit(
            RedisCommand("SENTINEL", "get-master-addr-by-name", service),
            deadline: EventLoop.shared.now + patience
        ) { result in
            switch result {
            case .success(let reply): self.take(Self.primary(in: reply), number, sentinel)
            case .failure(.refused(let code, let message)):
                self.giveUp(number, sentinel, SocketError(message, code: code))
            case .failure(.notSent(let text)), .failure(.outcomeUnknown(let text)):
                self.giveUp(number, sentinel, SocketError(text))
            case .failure(.closed), .failure(.tooLarge):
                self.giveUp(number, sentinel, SocketError("it cannot be asked"))
            }
        }
        connection.start()
    }

    private func take(
        _ answer: Result<RedisConfiguration.Node, SocketError>,
        _ number: Int,
        _ sentinel: RedisConfiguration.Node
    ) {
        switch answer {
        case .failure(let error): giveUp(number, sentinel, error)
        case .success(let node):
            guard !SentinelNews.shared.isOutdated(node, of: configuration.address, at: EventLoop.shared.now) else {
                return giveUp(number, sentinel, SocketError("it does not know the new primary yet"))
            }
            guard drop(number) else { return }
            Resolver.resolve(host: node.host, port: node.port) { self.end($0) }
        }
    }

    private func giveUp(_ number: Int, _ sentinel: RedisConfiguration.Node, _ problem: SocketError) {
        guard drop(number) else { return }
        state.withLock { $0.note(SocketError("\(sentinel): \(problem.message)", code: problem.code)) }
        goOn()
    }

    /// Ends the connection to the Sentinel with this number; false if that is over.
    private func drop(_ number: Int) -> Bool {
        let (isPresent, connection) = state.withLock { state in
            guard state.number == number, state.connection != nil else { return (false, nil as RedisConnection?) }
            defer { state.connection = nil }
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
            else { return .failure(SocketError("its reply is unexpected")) }
            return .success(RedisConfiguration.Node(host: host, port: port))
        case .null: return .failure(SocketError("it does not know that service"))
        case .error(let error):
            // What is no Sentinel does not know the command, which another one may.
            let code = error.backendError.code == .accessDenied ? BellowsError.Code.accessDenied : .unavailable
            return .failure(SocketError(error.message, code: code))
        default: return .failure(SocketError("its reply is unexpected"))
        }
    }
}

extension RedisConfiguration {
    /// What one Sentinel may take, from the first byte to its answer: the next one may know as well.
    fileprivate var sentinelPatience: Duration { isEncrypted ? .milliseconds(1500) : .milliseconds(500) }

    /// How to reach one of the Sentinels: encrypted as the servers are, but with a user and a password of its own.
    ///
    /// - Parameters:
    ///   - node: the Sentinel; its host is what should stand in its certificate.
    ///   - address: where it is; nil for its host.
    func ofSentinel(_ node: Node, at address: String? = nil) -> RedisConfiguration {
        var configuration = self
        configuration.address = .tcp(host: address ?? node.host, port: node.port)
        (configuration.username, configuration.password) = (sentinelUsername, sentinelPassword)
        configuration.database = 0
        // A Sentinel says little.
        configuration.maximumReplyBytes = 64 << 10
        #if TLS
            if let tls { configuration.tls?.serverName = tls.serverName ?? node.host }
        #endif
        return configuration
    }
}
