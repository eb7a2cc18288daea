import NIOCore
import NIOHTTP1
import NIOPosix

/// A small HTTP/1.1 server on a thread that belongs to servers alone. Whatever peers do costs the tasks of this process nothing: not
/// their threads, and of memory and descriptors no more than ``HTTPLimits`` say.
final class HTTPServer: Sendable {
    /// Makes the answer to a request. It runs on Bellows' own event loop, so it must not block.
    typealias Responder = @Sendable (HTTPRequest) async -> HTTPResponse

    /// Where it listens.
    let address: SocketAddress
    private let channel: any Channel

    /// One thread, which starts with the first server and stays: an answer may come after its server has ended.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private init(_ channel: any Channel, _ address: SocketAddress) {
        (self.channel, self.address) = (channel, address)
    }

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - host: an IPv4 or IPv6 address.
    ///   - port: the port; 0 takes a free one.
    ///   - limits: what peers may cost.
    ///   - onProblem: is told why a connection could not be taken, as when descriptors are short.
    ///   - respond: makes the answers.
    /// - Throws: why the address cannot be used.
    static func start(
        host: String,
        port: UInt16,
        limits: HTTPLimits = HTTPLimits(),
        onProblem: @escaping @Sendable (any Error) -> Void = { _ in },
        respond: @escaping Responder
    ) async throws -> HTTPServer {
        let wanted = try SocketAddress(ipAddress: host, port: Int(port))
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // One at a time, so that their number is exact.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        HTTPAdmission(limit: limits.connections, onProblem: onProblem)
                    )
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try configure(channel, limits, respond) }
            }
            .bind(to: wanted).get()
        return HTTPServer(channel, channel.localAddress ?? wanted)
    }

    private static func configure(
        _ channel: any Channel,
        _ limits: HTTPLimits,
        _ respond: @escaping Responder
    ) throws {
        var parsing = NIOHTTPDecoderLimitConfiguration()
        parsing.maxHeaderFieldSize = limits.head
        parsing.maxHeaderListSize = limits.head
        parsing.maxHeaderFieldCount = limits.fields
        let pipeline = channel.pipeline.syncOperations
        let budget = HTTPHeadBudget(limit: limits.head)
        try pipeline.addHandler(budget)
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: parsing)))
        try pipeline.addHandler(HTTPHeadBudget.Meter(budget))
        try pipeline.addHandler(HTTPServerPipelineHandler())
        try pipeline.addHandler(HTTPConnectionHandler(limits: limits, respond: respond))
    }

    /// Ends all connections, and listens no more.
    func stop() async {
        // What fails here is over all the same.
        try? await channel.close().get()
    }
}
