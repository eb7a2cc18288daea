/// The stable name of a task definition: a namespace in the store, checked before anything is sent.
///
/// A name has 1 to 200 bytes, begins with a letter, a digit or `_`, and otherwise holds only ASCII letters,
/// digits and `. _ - : /`. At its end `#` and a number may name one part of it; see ``TaskPartitions``. Nothing in it
/// can end a key, form a pattern, or forge a log line.
public struct TaskName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name as text.
    public let rawValue: String

    /// The longest name, in bytes.
    public static let maximumLength = 200

    /// Checks a name.
    ///
    /// - Parameter rawValue: the text of the name.
    /// - Throws: ``BellowsError`` with the code `invalidInput` if it is empty, too long, or holds other characters.
    public init(_ rawValue: String) throws(BellowsError) {
        guard rawValue.utf8.count <= Self.maximumLength,
            Identifier.isValid(Self.withoutPartition(rawValue), maximumLength: Self.maximumLength)
        else { throw .name(Identifier.excerpt(rawValue)) }
        self.rawValue = rawValue
    }

    /// One part of a checked name that has parts.
    init(_ name: TaskName, partition: Int) {
        rawValue = "\(name.rawValue)\(Self.partitionMark)\(partition)"
    }

    /// What stands between a name and the number of its part.
    static let partitionMark: Character = "#"

    /// The text in front of the number of a part; all of it if there is none, or none that may stand there.
    private static func withoutPartition(_ text: String) -> String {
        guard let mark = text.lastIndex(of: partitionMark) else { return text }
        let digits = text[text.index(after: mark)...]
        guard let number = Int(digits), (1..<TaskPartitions.maximumCount).contains(number), digits == "\(number)"
        else { return text }
        return String(text[..<mark])
    }

    /// The name without the number of a part.
    public var definition: TaskName {
        guard isPart else { return self }
        return TaskName(unchecked: Self.withoutPartition(rawValue))
    }

    /// Whether it names one part of a definition.
    var isPart: Bool { rawValue.utf8.contains(UInt8(ascii: "#")) }

    private init(unchecked text: String) {
        rawValue = text
    }

    /// The name as text.
    public var description: String { rawValue }

    /// Orders names by their bytes.
    public static func < (left: TaskName, right: TaskName) -> Bool {
        left.rawValue < right.rawValue
    }
}
