/// Tells one process of the fleet from all others, for all time. Made by backends.
public struct ProcessID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The backend's own text, without spaces.
    public let rawValue: String

    /// Wraps a backend's text.
    ///
    /// - Parameter rawValue: letters and digits that no other process has.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// The backend's own text.
    public var description: String { rawValue }

    /// Orders processes by their text, so that lists look the same each time.
    public static func < (left: ProcessID, right: ProcessID) -> Bool { left.rawValue < right.rawValue }
}
