/// What every verb throws: input that was refused, or something in the store or on the way to it that failed.
///
/// Expected outcomes, such as a lost lease, are values instead. One `catch` is enough: ``code`` tells what kind of
/// failure it is, and ``isRetryable`` whether the same call may succeed later.
///
/// ```swift
/// do {
///     try await backend.publish(Thumbnail.self, path)
/// } catch {
///     logger.error("cannot publish", metadata: ["error": "\(error)", "passes by itself": "\(error.isRetryable)"])
/// }
/// ```
public struct BellowsError: Error, Sendable {
    /// What kind of failure it is.
    public let code: Code
    /// What was asked for; nil if the failure belongs to no call, such as a malformed name.
    public var verb: Verb?
    /// One line that names the thing, says what is wrong and what to do. Holds no secrets.
    public let message: String
    /// The error of another library that caused this one, such as that of a codec; nil, the default, if there is none.
    public let underlying: (any Error)?

    /// Makes an error; for backends.
    ///
    /// - Parameters:
    ///   - code: what kind of failure it is.
    ///   - message: one actionable line, without secrets.
    ///   - verb: what was asked for.
    ///   - underlying: the error that caused this one.
    public init(_ code: Code, _ message: String, verb: Verb? = nil, underlying: (any Error)? = nil) {
        self.code = code
        self.verb = verb
        self.message = message
        self.underlying = underlying
    }

    /// Whether the same call may succeed later without anybody changing anything.
    ///
    /// After ``Code/outcomeUnknown`` the call may have been carried out already. Repeating it is harmless for all verbs
    /// but a publish without an id of its own, which may then be stored twice.
    public var isRetryable: Bool {
        switch code.kind {
        case .unavailable, .outcomeUnknown, .storeFull, .notPrimary: true
        case .accessDenied, .unsupportedServer, .layoutMismatch, .invalidData, .invalidConfiguration, .closed,
            .invalidInput, .tooLarge, .alreadyRunning, .cancelled, .unsupported:
            false
        }
    }

    /// The same error, of a call whose verb is known now. The first verb stays.
    package func during(_ verb: Verb) -> BellowsError {
        guard self.verb == nil else { return self }
        var error = self
        error.verb = verb
        return error
    }
}

extension BellowsError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}

extension BellowsError: Equatable {
    /// Whether code, verb and message are the same. What caused the errors does not count.
    public static func == (left: BellowsError, right: BellowsError) -> Bool {
        left.code == right.code && left.verb == right.verb && left.message == right.message
    }
}
