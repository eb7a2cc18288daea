import Logging

/// What a connection on the event loop is made from.
struct ChannelContext: Sendable {
    let configuration: RedisConfiguration
    /// What log lines call the connection.
    let name: String
    let logger: Logger
    let mailbox: ChannelMailbox
    /// The first exchange on each new connection.
    let handshake: @Sendable () -> [HandshakeStep]
}
