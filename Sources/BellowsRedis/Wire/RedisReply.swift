/// What a server answered, as Swift values.
enum RedisReply: Sendable, Equatable {
    /// A string of any bytes.
    case bytes([UInt8])
    /// A short status such as `OK`.
    case status(String)
    /// A number.
    case integer(Int64)
    /// Nothing: the key or field does not exist.
    case null
    /// Several replies.
    case array([RedisReply])
    /// The server refused the command.
    case error(RedisServerError)
}
