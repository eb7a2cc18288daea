/// Tells whether a stored record is still the one that was read. Opaque; compared for equality only.
public struct RecordDigest: Hashable, Sendable, CustomStringConvertible {
    /// The backend's own text.
    public let rawValue: String

    /// Wraps a backend's text.
    public init(_ rawValue: String) { self.rawValue = rawValue }

    /// The backend's own text.
    public var description: String { rawValue }
}
