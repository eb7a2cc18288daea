/// Sends each command to the server that keeps its key.
protocol CommandRoutes: Sendable {
    /// Whether commands go to where an error reply of a cluster points.
    var followsRedirects: Bool { get }
    /// A target for each server that keeps keys.
    var everywhere: [CommandTarget] { get }

    /// Hands a command in.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - target: whom it is for.
    ///   - deadline: when to give it up. If it was sent by then, the connection is given up with it.
    ///   - completion: takes the reply, on the event loop or, if the command is not even taken in, on this one. An
    ///     error reply is a success here.
    func submit(
        _ command: RedisCommand,
        to target: CommandTarget,
        deadline: ContinuousClock.Instant,
        _ completion: @escaping PendingCommand.Completion
    )
    /// Whether the next command for a key is sent by its caller, without waking another thread first.
    func isIdle(for key: String) -> Bool
    /// The connection to the server that keeps a key; nil if that is not known.
    func connection(for key: String) -> RedisConnection?
    /// Learns what a server said of a key that it does not keep.
    func note(_ redirect: ClusterRedirect)
    /// Drops the present connection to a server, if there is one, and makes another.
    func reset(_ target: CommandTarget, _ reason: String)
    /// Connects again at once, because servers have changed.
    func reconnectNow(_ reason: String)
    /// Ends all connections for good.
    func close()
}

/// One server keeps everything.
extension RedisConnection: CommandRoutes {
    var followsRedirects: Bool { false }
    var everywhere: [CommandTarget] { [.any] }

    func submit(
        _ command: RedisCommand,
        to target: CommandTarget,
        deadline: ContinuousClock.Instant,
        _ completion: @escaping PendingCommand.Completion
    ) {
        submit(command, deadline: deadline, completion)
    }

    func isIdle(for key: String) -> Bool { isIdle }
    func connection(for key: String) -> RedisConnection? { self }
    func note(_ redirect: ClusterRedirect) {}
    func reset(_ target: CommandTarget, _ reason: String) { reset(reason) }
}
