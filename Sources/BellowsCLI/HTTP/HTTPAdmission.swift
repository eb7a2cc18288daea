import NIOCore

/// Takes a new connection only while there is room for it, and makes a pause when the system has none to give.
final class HTTPAdmission: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    private let limit: Int
    private let onProblem: @Sendable (any Error) -> Void
    private var connections: [ObjectIdentifier: any Channel] = [:]
    /// Whether the system could give no connection a moment ago.
    private var isPausing = false
    /// Whether a connection was asked for and not looked for.
    private var isHeldBack = false

    private static let pause = Duration.seconds(1)

    /// - Parameters:
    ///   - limit: the most connections at a time.
    ///   - onProblem: is told why a connection could not be taken.
    init(limit: Int, onProblem: @escaping @Sendable (any Error) -> Void) {
        self.limit = limit
        self.onProblem = onProblem
    }

    func read(context: ChannelHandlerContext) {
        guard connections.count < limit, !isPausing else {
            isHeldBack = true
            return
        }
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        let id = ObjectIdentifier(channel)
        connections[id] = channel
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        channel.closeFuture.hop(to: context.eventLoop).whenComplete { _ in
            let (gate, context) = bound.value
            gate.connections[id] = nil
            gate.goOn(context)
        }
        context.fireChannelRead(data)
    }

    /// The server has ended, and so do its connections.
    func channelInactive(context: ChannelHandlerContext) {
        for channel in connections.values { channel.close(promise: nil) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        onProblem(error)
        guard !isPausing else { return }
        isPausing = true
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: TimeAmount(Self.pause)) {
            let (gate, context) = bound.value
            gate.isPausing = false
            gate.goOn(context)
        }
    }

    private func goOn(_ context: ChannelHandlerContext) {
        guard isHeldBack, connections.count < limit, !isPausing else { return }
        isHeldBack = false
        context.read()
    }
}
