/// A stored record that this version cannot read.
public struct UnreadableRecordError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of record it is, which decides what becomes of its task.
    @nonexhaustive
    public enum Cause: Hashable, Sendable {
        /// Damaged, or none of ours: no version will ever read it. Its task becomes a dead letter.
        case malformed
        /// A newer version wrote it and reads it. Its task is given back.
        case newer
    }

    /// What kind of record it is.
    public let cause: Cause
    /// Why it cannot be read, in one line.
    public let description: String

    /// A record that is damaged, or none of ours.
    static func malformed(_ description: String) -> UnreadableRecordError {
        UnreadableRecordError(cause: .malformed, description: description)
    }

    /// A record of a newer version.
    ///
    /// - Parameter part: what this version does not know of it.
    static func newer(_ part: String) -> UnreadableRecordError {
        let description = "a newer version of Bellows wrote the record, and this one does not know \(part)"
        return UnreadableRecordError(cause: .newer, description: description)
    }
}
