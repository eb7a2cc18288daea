/// Proof of one claim: unique, never issued again, compared for equality only.
///
/// A backend must make it so that no other claim of any process, at any time, even after the store lost its data,
/// has the same token.
public struct LeaseToken: Hashable, Sendable, CustomStringConvertible {
    /// The backend's own text.
    public let rawValue: String

    /// Wraps a backend's text.
    ///
    /// - Parameter rawValue: text that no other claim has.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// The backend's own text.
    public var description: String { rawValue }
}
