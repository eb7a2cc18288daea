import Bellows

/// What a connection is used for: commands with replies, or a subscription. Used on the event loop only.
protocol ChannelHandler {
    /// Whether what comes in are signals rather than replies.
    var bringsSignals: Bool { get }
    /// Whether the server owes an answer that is likely to come soon.
    var expectsAnswer: Bool { get }
    /// When something that waits here runs out of time; nil if nothing can.
    var nextDeadline: ContinuousClock.Instant? { get }

    /// Takes note of bytes that callers have written to the socket themselves. It is called first in each turn, and
    /// before each reply, so that the counts of what was sent are right.
    mutating func takeOver(_ output: inout OutputBuffer)
    /// There is nothing to send: others may write to the socket until ``connectionEnds()``.
    mutating func offer(_ descriptor: Int32)
    /// The socket is about to be closed.
    mutating func connectionEnds()
    /// A new connection is ready, and has sent `sent` bytes so far.
    mutating func connectionBegan(sent: Int, now: ContinuousClock.Instant)
    /// Looks at news while there is no ready connection.
    mutating func takeNews(now: ContinuousClock.Instant)
    /// Looks at news, and puts what is waiting into `output` if that is empty. The connection is ready.
    mutating func fill(_ output: inout OutputBuffer, now: ContinuousClock.Instant)
    /// A reply has come, of a connection that has sent `sent` bytes.
    mutating func received(_ reply: RedisReply, sent: Int, now: ContinuousClock.Instant) -> ReplyVerdict
    /// Gives up what has run out of time. Returns a reason if the connection has to end for it.
    mutating func expire(now: ContinuousClock.Instant) -> String?
    /// A ready connection has ended.
    mutating func connectionEnded(_ reason: String, output: OutputBuffer)
    /// Tells the owner. This comes after everything else that the event means.
    mutating func report(_ event: ConnectionEvent)
}

extension ChannelHandler {
    mutating func takeOver(_ output: inout OutputBuffer) {}
    mutating func offer(_ descriptor: Int32) {}
    mutating func connectionEnds() {}
}
