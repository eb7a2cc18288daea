/// Tells one publish of an id from another publish of the same id. Made by backends, compared for equality only.
public struct RunID: Hashable, Sendable, CustomStringConvertible {
    /// The backend's own text, without spaces.
    public let rawValue: String

    /// Wraps a backend's text.
    ///
    /// - Parameter rawValue: letters and digits that no other publish has.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// The backend's own text.
    public var description: String { rawValue }
}
