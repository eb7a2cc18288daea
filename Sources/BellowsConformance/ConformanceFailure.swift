/// A backend did something else than its contract says.
public struct ConformanceFailure: Error, Sendable, CustomStringConvertible {
    /// What was expected and what came instead.
    public let message: String
    /// The file and line of the expectation.
    public let location: String

    /// Makes a failure.
    ///
    /// - Parameters:
    ///   - message: what was expected and what came instead.
    ///   - fileID: the file of the expectation.
    ///   - line: the line of the expectation.
    public init(_ message: String, fileID: StaticString = #fileID, line: UInt = #line) {
        self.message = message
        location = "\(fileID):\(line)"
    }

    /// The message and where it comes from.
    public var description: String { "\(message) (\(location))" }
}
