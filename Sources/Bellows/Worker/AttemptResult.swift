/// How a handler's attempt ended, as values that a backend takes.
package enum AttemptResult: Sendable {
    /// It went well; the bytes are the encoded callback.
    case success([UInt8], nextRun: Availability?)
    /// The handler decided what happens next.
    case failure(TaskFailure)
    /// The task was not worked on, and that is not its fault: it is given back, and the attempt does not count.
    case givenBack
    /// An error that the retry policy decides about.
    case error(String)
}
