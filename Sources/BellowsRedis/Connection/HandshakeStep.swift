import Bellows

/// One command that is sent on each new connection before any other, and what its answer must be.
///
/// ``ServerCheck`` has the whole list of a command connection: the log-in from here, INFO, TIME, the layout's marker, and
/// the scripts.
struct HandshakeStep: Sendable {
    /// The command.
    let command: RedisCommand
    /// Tells why the answer is not acceptable; nil if it is fine.
    ///
    /// Any error ends this connection; the next attempt comes soon if it is retryable, otherwise after a second at least.
    let check: @Sendable (RedisReply) -> BellowsError?

    init(command: RedisCommand, check: @escaping @Sendable (RedisReply) -> BellowsError?) {
        self.command = command
        self.check = check
    }

    /// The steps that every connection begins with: AUTH, SELECT and CLIENT SETNAME, as far as the configuration asks.
    ///
    /// A user without a password logs in with an empty one: otherwise we would work as the default user, who may do more.
    static func login(_ configuration: RedisConfiguration) -> [HandshakeStep] {
        var steps: [HandshakeStep] = []
        if configuration.password != nil || configuration.username != nil {
            let hasPassword = configuration.password != nil
            var command = RedisCommand("AUTH")
            if let username = configuration.username { command.append(username) }
            command.append(configuration.password ?? "")
            steps.append(HandshakeStep(command: command) { checkAuthentication($0, hasPassword: hasPassword) })
        }
        if configuration.database != 0 {
            let database = configuration.database
            steps.append(
                HandshakeStep(command: RedisCommand("SELECT", String(database))) { reply in
                    guard case .error(let error) = reply else { return nil }
                    guard error.category == .other else { return error.backendError }
                    return BellowsError(.invalidConfiguration, "Redis has no database \(database): \(error.message)")
                }
            )
        }
        let setName = RedisCommand("CLIENT", "SETNAME", configuration.clientName)
        // The name only helps people who look at CLIENT LIST, so a refusal of just this command is no obstacle.
        steps.append(
            HandshakeStep(command: setName) { reply in
                guard case .error(let error) = reply, error.category != .other, !error.deniesCommand else { return nil }
                return error.backendError
            }
        )
        return steps
    }

    /// Asks whether the server is the primary. A user who may not ask is served all the same.
    static let primaryOnly = HandshakeStep(command: RedisCommand("INFO", "replication")) { reply in
        guard let text = reply.asText, ServerFacts(info: text).isReplica else { return nil }
        return BellowsError(.notPrimary, "Redis is a replica: signals come from its primary")
    }

    /// The text of the server is used only where it is known not to repeat what was sent.
    private static func checkAuthentication(_ reply: RedisReply, hasPassword: Bool) -> BellowsError? {
        guard case .error(let error) = reply else { return nil }
        switch error.category {
        case .notReady, .tooManyClients, .clusterDown, .notPrimary, .redirect: return error.backendError
        case .badCredentials, .noPermission:
            let what = hasPassword ? "our user name or password" : "the user that is given without a password"
            return BellowsError(.accessDenied, "Redis refuses \(what)")
        case .noPassword: return BellowsError(.accessDenied, "a password is given, but Redis has none configured")
        case .storeFull, .noScript, .unknownCommand, .crossSlot, .noCluster, .wrongType, .other:
            return BellowsError(.accessDenied, "Redis refuses AUTH")
        }
    }
}
