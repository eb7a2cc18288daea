/// One thing that an operator should know about a server.
public struct StoreFinding: Hashable, Sendable {
    /// How bad it is.
    @nonexhaustive
    public enum Severity: String, Sendable {
        /// Good to know.
        case note
        /// Tasks may be lost or delayed.
        case warning
        /// Bellows does not work with this server as it is.
        case refusal
    }

    /// How bad it is.
    public let severity: Severity
    /// What it is and, if anything can be done about it, what.
    public let text: String
}
