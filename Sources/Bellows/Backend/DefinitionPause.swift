#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// That a definition is closed: its tasks wait, and none is handed out.
public struct DefinitionPause: Hashable, Sendable {
    /// Who has closed it, and why; empty if nobody said.
    public var note: String
    /// When it opens by itself, by the store's clock; nil if somebody has to resume it.
    public var end: Date?

    /// Describes a pause.
    public init(note: String, end: Date? = nil) {
        self.note = note
        self.end = end
    }

    /// The longest note, in bytes.
    public static let maximumNote = 1000
    /// The longest pause that ends by itself: ten years.
    public static let maximumDuration = Availability.maximumDelay

    /// Checks what a caller gives.
    ///
    /// - Parameters:
    ///   - duration: how long the pause lasts; nil for one without an end.
    ///   - note: who pauses, and why.
    /// - Throws: ``BellowsError/Code/invalidInput`` for a duration under a millisecond or over ``maximumDuration``, and
    ///   for a note over ``maximumNote``.
    public static func check(_ duration: Duration?, note: String) throws(BellowsError) {
        if let duration, duration < .milliseconds(1) || duration > maximumDuration {
            throw BellowsError(.invalidInput, "invalid pause of \(duration): use a millisecond to ten years")
        }
        guard note.utf8.count <= maximumNote else {
            throw BellowsError(.invalidInput, "a note of \(note.utf8.count) bytes: use at most \(maximumNote)")
        }
    }
}
