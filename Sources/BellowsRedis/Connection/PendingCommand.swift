/// A command that waits to be sent, or for its reply.
struct PendingCommand: Sendable {
    typealias Completion = @Sendable (Result<RedisReply, CommandFailure>) -> Void

    /// When its owner gives it up.
    let deadline: ContinuousClock.Instant
    /// How many bytes it has on the wire.
    let byteCount: Int
    /// Takes the reply. Called once.
    let completion: Completion
    /// Where it ends in the stream of its connection, once it has a place there.
    var end = 0
    /// Whether ASKING stands in front of it, whose reply concerns nobody.
    var isAsking = false
    /// Whether the reply to ASKING is still to come. Another connection owes it again.
    var owesAskingReply = false
}
