import Bellows

/// Why a command has no reply.
enum CommandFailure: Error, Sendable, Equatable {
    /// Nothing of it was executed; the text says why.
    case notSent(String)
    /// It was sent, and the connection ended before the answer; the text says why.
    case outcomeUnknown(String)
    /// The server does not let us in, or is none that we can use. Nothing was executed.
    case refused(code: BellowsError.Code, message: String)
    /// The connection was closed by us. Nothing was executed.
    case closed
    /// The command has this many bytes, which is too many to send. Nothing was executed.
    case tooLarge(Int)
}
