import Bellows

/// What a reply means for its connection.
enum ReplyVerdict {
    /// Go on.
    case accepted
    /// It makes no sense; the connection has to end.
    case violation(String)
    /// The server refuses what this connection is for.
    case refused(BellowsError)
}
