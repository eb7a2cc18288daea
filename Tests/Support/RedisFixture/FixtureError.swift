/// Why a fixture cannot do what a test asks.
public struct FixtureError: Error, CustomStringConvertible, Sendable {
    /// What happened.
    public let description: String

    /// Makes an error.
    ///
    /// - Parameter description: what happened.
    public init(_ description: String) {
        self.description = description
    }
}
