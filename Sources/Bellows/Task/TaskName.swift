/// The stable name of a task definition: a namespace in the store, checked before anything is sent.
///
/// A name has 1 to 200 bytes, begins with a letter, a digit or `_`, and otherwise holds only ASCII letters,
/// digits and `. _ - : /`. Nothing in it can end a key, form a pattern, or forge a log line.
public struct TaskName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name as text.
    public let rawValue: String

    /// The longest name, in bytes.
    public static let maximumLength = 200

    /// Checks a name.
    ///
    /// - Parameter rawValue: the text of the name.
    /// - Throws: ``InvalidTaskError/name(_:)`` if it is empty, too long, or holds other characters.
    public init(_ rawValue: String) throws(InvalidTaskError) {
        guard Identifier.isValid(rawValue, maximumLength: Self.maximumLength) else {
            throw .name(Identifier.excerpt(rawValue))
        }
        self.rawValue = rawValue
    }

    /// The name as text.
    public var description: String { rawValue }

    /// Orders names by their bytes.
    public static func < (left: TaskName, right: TaskName) -> Bool {
        left.rawValue < right.rawValue
    }
}
