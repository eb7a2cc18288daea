import Bellows
import Logging

/// A connection that only subscribes. It has no way to send any other command once it is in use.
///
/// It connects in the background, for ever, until it is closed, and subscribes again on each new connection.
final class SubscriptionConnection: Sendable {
    /// What comes in. Called on the event loop.
    enum SubscriptionEvent: Sendable {
        /// A message was published.
        case message(channel: [UInt8], payload: [UInt8])
        /// Every wanted channel is confirmed: after each connect, and after each later addition.
        case inForce
        /// The same for one server of several; others are not there yet.
        case partInForce
        /// The connection has ended; the next attempt follows. Messages are missed until the next ``inForce``.
        case lost(String)
        /// One attempt to connect or to subscribe has failed; the next one follows.
        case failed(BellowsError)
        /// Closed by us, for good.
        case closed
    }

    private let context: ChannelContext
    private let loop: EndpointGroup
    private let mailbox = SubscriptionMailbox()

    /// Makes a connection that does nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: where Redis is.
    ///   - loop: the thread that does the work.
    ///   - name: what log lines call the connection.
    ///   - isSharded: whether the server is one of a cluster, and channels belong to slots.
    ///   - handshake: makes what is sent on each new connection first; it is called on the event loop.
    ///   - logger: gets one line in ten seconds at most.
    ///   - onEvent: is called on the event loop and must not block.
    init(
        configuration: RedisConfiguration,
        loop: EndpointGroup,
        name: String,
        isSharded: Bool = false,
        handshake: @escaping @Sendable () -> [HandshakeStep],
        logger: Logger,
        onEvent: @escaping @Sendable (SubscriptionEvent) -> Void
    ) {
        self.loop = loop
        context = ChannelContext(
            configuration: configuration,
            name: name,
            logger: logger,
            mailbox: ChannelMailbox(),
            handshake: handshake
        )
        let (context, mailbox) = (context, mailbox)
        loop.add {
            let timeout = context.configuration.commandTimeout
            return SocketChannel(
                context,
                handler: SubscriptionHandler(mailbox: mailbox, timeout: timeout, isSharded: isSharded, onEvent: onEvent)
            )
        }
    }

    deinit {
        close()
    }

    /// Begins to connect.
    func start() {
        leave { $0.mustStart = true }
    }

    /// Wants more channels, now and on each later connection.
    func subscribe(_ channels: [String]) {
        mailbox.leave(.subscribe(channels))
        loop.wake()
    }

    /// Wants some channels no more.
    func unsubscribe(_ channels: [String]) {
        mailbox.leave(.unsubscribe(channels))
        loop.wake()
    }

    /// Drops the present connection, if there is one, and makes another.
    func reset(_ reason: String) {
        leave { $0.resetReason = reason }
    }

    /// Connects again at once, whatever the present connection or attempt is like.
    func reconnectNow(_ reason: String) {
        leave { $0.reconnectReason = reason }
    }

    /// Ends the connection for good.
    func close() {
        leave { $0.mustClose = true }
    }

    private func leave(_ change: (inout ChannelMailbox.Requests) -> Void) {
        context.mailbox.leave(change)
        loop.wake()
    }
}
