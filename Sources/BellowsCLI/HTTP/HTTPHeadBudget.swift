import NIOCore
import NIOHTTP1

/// Counts the bytes of a head that belong to no field: spaces before the target, empty lines before the request. The
/// parser takes any number of them.
final class HTTPHeadBudget: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let limit: Int
    /// Bytes since something was last understood.
    private var count = 0
    private var isSpent = false

    /// - Parameter limit: the most bytes of a head.
    init(limit: Int) {
        self.limit = limit
    }

    /// Stands behind the parser: whatever it has understood makes room for more.
    final class Meter: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias InboundOut = HTTPServerRequestPart

        private let budget: HTTPHeadBudget

        init(_ budget: HTTPHeadBudget) { self.budget = budget }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            budget.count = 0
            context.fireChannelRead(data)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What follows an error is not looked at any more.
        guard !isSpent else { return }
        count += unwrapInboundIn(data).readableBytes
        // The parser is called here, and with it the meter.
        context.fireChannelRead(data)
        guard count > limit else { return }
        isSpent = true
        context.fireErrorCaught(HTTPParserError.headerOverflow)
    }
}
