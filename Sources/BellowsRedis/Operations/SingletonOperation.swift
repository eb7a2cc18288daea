import Bellows

/// What happens to a singleton's lease.
enum SingletonOperation: Sendable {
    /// It lasts this long from now.
    case renew(Duration)
    /// The run ended well; the next one is due after so many milliseconds.
    case finish(next: Int64)
    /// The run failed; the next one is due after so many milliseconds.
    case fail(next: Int64, error: String)
    /// It is given back as if it had not been claimed, and is due after so many milliseconds.
    case release(next: Int64)

    /// Until the next run after one that ended well and set none: one second.
    static let pause: Int64 = 1000
    /// Until the next run after one that asked for a dead letter: the longest default backoff.
    static let longestPause = Backoff().maximum.millisecondsRoundedUp

    /// Appends the arguments.
    func append(to command: inout RedisCommand) {
        switch self {
        case .renew(let lease): command.append("renew", lease.millisecondsRoundedUp, "")
        case .finish(let next): command.append("finish", next, "")
        case .fail(let next, let error): command.append("fail", next, error)
        case .release(let next): command.append("release", next, "")
        }
    }
}

extension RedisCommand {
    fileprivate mutating func append(_ operation: String, _ milliseconds: Int64, _ error: String) {
        append(operation)
        append(milliseconds)
        append(error)
    }
}
