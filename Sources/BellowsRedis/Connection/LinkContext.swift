import Logging

/// What a connection on the control thread is made from.
struct LinkContext: Sendable {
    let configuration: RedisConfiguration
    /// What log lines call the connection.
    let name: String
    let logger: Logger
    let mailbox: LinkMailbox
    /// The first exchange on each new connection.
    let handshake: @Sendable () -> [HandshakeStep]
}
