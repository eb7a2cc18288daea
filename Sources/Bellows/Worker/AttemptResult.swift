/// How a handler's attempt ended, as values that a backend takes.
package enum AttemptResult: Sendable {
    /// It went well; the bytes are the encoded callback.
    case success([UInt8], nextRun: Availability?)
    /// The handler decided what happens next.
    case failure(TaskFailure)
    /// An error that the retry policy decides about.
    case error(String)
}
