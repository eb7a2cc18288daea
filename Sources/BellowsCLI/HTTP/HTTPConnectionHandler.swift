import BellowsRuntime
import NIOCore
import NIOHTTP1

/// The shell around one connection's ``HTTPExchange``: sockets and time-outs, all on the server's own thread.
final class HTTPConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: HTTPLimits
    private let respond: HTTPServer.Responder
    private var exchange: HTTPExchange
    /// The only time-out that runs: of the arrival, the answer, the departure or the farewell.
    private var timeout: Scheduled<Void>?
    /// Tells the present request from those before it, whose answers may come too late.
    private var requestNumber = 0
    private var isHead = false
    private var answering: Task<Void, Never>?

    init(limits: HTTPLimits, respond: @escaping HTTPServer.Responder) {
        self.limits = limits
        self.respond = respond
        exchange = HTTPExchange(bodyLimit: limits.body)
    }

    func channelActive(context: ChannelHandlerContext) {
        awaitRequest(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        answering?.cancel()
        // An answer that comes now has nobody to go to.
        requestNumber += 1
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): perform(received(head), context)
        case .body(let buffer): perform(exchange.received(buffer.readableBytesView), context)
        case .end: perform(exchange.ended(), context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { perform(exchange.inputClosed(), context) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        perform(exchange.failed(isTooLarge: error == .headerOverflow), context)
    }

    private func received(_ head: HTTPRequestHead) -> HTTPExchange.Step {
        // Behind these nothing is read as HTTP any more.
        let isLast = head.method == .CONNECT || head.headers.contains(name: "upgrade")
        let request = HTTPRequest(
            method: head.method.rawValue,
            target: head.uri,
            keepsAlive: head.isKeepAlive && !isLast
        )
        isHead = request.isHead
        return exchange.received(request, length: head.headers.first(name: "content-length").flatMap { Int($0) })
    }

    private func perform(_ step: HTTPExchange.Step, _ context: ChannelHandlerContext) {
        switch step {
        case .nothing: break
        case .answer(let request): answer(request, context)
        case .refuse(let status):
            answering?.cancel()
            requestNumber += 1
            write(HTTPResponse(status: status), isLast: true, context)
        case .close: close(context)
        }
    }

    private func answer(_ request: HTTPRequest, _ context: ChannelHandlerContext) {
        requestNumber += 1
        let number = requestNumber
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, context), eventLoop: loop)
        // On the thread of timers and leases, which depends neither on Swift's pool nor on this server's thread.
        answering = Task(executorPreference: BellowsRuntime.EventLoop.shared) { [respond] in
            let response = await respond(request)
            loop.execute {
                let (handler, context) = bound.value
                guard handler.requestNumber == number else { return }
                handler.write(response, isLast: handler.exchange.isLast, context)
            }
        }
        after(limits.answer, context) { $0.perform($0.exchange.answerTimedOut(), $1) }
    }

    /// Writes an answer. The next request is looked at when the system has taken all of it, so that a peer which sends
    /// and does not read fills no memory.
    private func write(_ response: HTTPResponse, isLast: Bool, _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders(response.fields.map { ($0.name, $0.value) })
        headers.add(name: "Content-Length", value: String(response.body.count))
        headers.add(name: "Connection", value: isLast ? "close" : "keep-alive")
        let status = HTTPResponseStatus(statusCode: response.status.rawValue)
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        after(limits.departure, context) { _, context in context.close(promise: nil) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !isHead {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body)))), promise: nil)
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), promise: written)
        written.futureResult.whenSuccess {
            let (handler, context) = bound.value
            handler.finish(context)
        }
    }

    private func finish(_ context: ChannelHandlerContext) {
        let step = exchange.answered()
        guard step == .nothing else { return perform(step, context) }
        awaitRequest(context)
        // Lets the next request come, which may have been read already.
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func awaitRequest(_ context: ChannelHandlerContext) {
        after(limits.arrival, context) { $0.perform($0.exchange.arrivalTimedOut(), $1) }
    }

    /// Ends our half, and reads on for a moment: a socket that is closed with something unread takes back what was
    /// written.
    private func close(_ context: ChannelHandlerContext) {
        after(limits.farewell, context) { _, context in context.close(promise: nil) }
        context.close(mode: .output, promise: nil)
    }

    private func after(
        _ time: Duration,
        _ context: ChannelHandlerContext,
        _ action: @escaping @Sendable (HTTPConnectionHandler, ChannelHandlerContext) -> Void
    ) {
        timeout?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: TimeAmount(time)) {
            let (handler, context) = bound.value
            action(handler, context)
        }
    }
}
