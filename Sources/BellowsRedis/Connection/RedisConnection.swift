import Logging

/// A connection for commands with replies. Commands of all callers are sent together and answered in order.
///
/// It connects in the background, for ever, until it is closed. Commands that come before that wait.
final class RedisConnection: Sendable {
    private let context: ChannelContext
    private let loop: EndpointGroup
    private let queue = CommandQueue()

    /// Makes a connection that does nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: where Redis is.
    ///   - loop: the thread that does the work.
    ///   - name: what log lines call the connection.
    ///   - handshake: makes what is sent on each new connection before any command; it is called on the event loop.
    ///   - logger: gets one line in ten seconds at most.
    ///   - onEvent: is called on the event loop and must not block.
    init(
        configuration: RedisConfiguration,
        loop: EndpointGroup,
        name: String,
        handshake: @escaping @Sendable () -> [HandshakeStep],
        logger: Logger,
        onEvent: @escaping @Sendable (ConnectionEvent) -> Void
    ) {
        self.loop = loop
        context = ChannelContext(
            configuration: configuration,
            name: name,
            logger: logger,
            mailbox: ChannelMailbox(),
            handshake: handshake
        )
        let (context, queue) = (context, queue)
        loop.add { SocketChannel(context, handler: CommandHandler(queue: queue, onEvent: onEvent)) }
    }

    deinit {
        close()
    }

    /// Begins to connect.
    func start() {
        leave { $0.mustStart = true }
    }

    /// Whether the next command is sent by its caller, without waking another thread first.
    var isIdle: Bool { queue.isIdle }

    /// Hands a command in.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - isAsking: whether a server of a cluster has to be told that the command is for a slot on its way there.
    ///   - deadline: when to give it up. If it was sent by then, the connection is given up with it.
    ///   - completion: takes the reply, on the event loop or, if the command is not even taken in, on this one. An
    ///     error reply is a success here.
    func submit(
        _ command: RedisCommand,
        isAsking: Bool = false,
        deadline: ContinuousClock.Instant,
        _ completion: @escaping @Sendable (Result<RedisReply, CommandFailure>) -> Void
    ) {
        switch queue.admit(command, isAsking: isAsking, deadline: deadline, completion) {
        case .taken(let mustWake): if mustWake { loop.wake() }
        case .failed(let failure): completion(.failure(failure))
        }
    }

    /// Lets the commands that are handed in by a closure go out in one send.
    func sendTogether(_ submits: () -> Void) {
        queue.hold()
        submits()
        if queue.release() { loop.wake() }
    }

    /// Sends a command and waits for its reply.
    func send(
        _ command: RedisCommand,
        deadline: ContinuousClock.Instant
    ) async throws(CommandFailure) -> RedisReply {
        // Every completion is called exactly once, as the tests of its handler show.
        let result: Result<RedisReply, CommandFailure> = await withUnsafeContinuation { continuation in
            submit(command, deadline: deadline) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// Drops the present connection, if there is one, and makes another.
    func reset(_ reason: String) {
        leave { $0.resetReason = reason }
    }

    /// Connects again at once, whatever the present connection or attempt is like.
    func reconnectNow(_ reason: String) {
        leave { $0.reconnectReason = reason }
    }

    /// Ends the connection for good. What waits fails as closed; what was sent has an unknown outcome.
    func close() {
        queue.close()
        leave { $0.mustClose = true }
    }

    private func leave(_ change: (inout ChannelMailbox.Requests) -> Void) {
        context.mailbox.leave(change)
        loop.wake()
    }
}
