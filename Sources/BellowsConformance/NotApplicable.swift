/// Thrown by a check whose property does not concern the backend under test.
public struct NotApplicable: Error, Hashable, Sendable {
    /// What the backend or the environment lacks, in one line.
    public let reason: String

    /// Says why.
    ///
    /// - Parameter reason: what the backend or the environment lacks.
    public init(_ reason: String) {
        self.reason = reason
    }
}
