import BellowsRuntime

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The identity of one task within its definition.
///
/// Ids that the library makes have 26 characters: 48 bits of time and 80 random bits in Crockford's base 32, so
/// they sort by creation and are never issued twice, not even after a failover. Callers may give ids of their
/// own, under the same rules as ``TaskName``.
public struct TaskID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The id as text.
    public let rawValue: String

    /// The longest id, in bytes.
    public static let maximumLength = 200

    /// The id of every singleton: there is one record per name, so its id never changes. No caller can give a
    /// task this id, because ids that begin with `~` are the library's own.
    public static let singleton = TaskID(unchecked: "~singleton")

    /// Whether the library itself has given the task this id. What such a task is for is known to dispatchers; no
    /// handler ever gets it.
    package var isOurs: Bool { rawValue.utf8.first == UInt8(ascii: "~") }

    /// Checks an id that a caller gives.
    ///
    /// - Parameter rawValue: the text of the id.
    /// - Throws: ``BellowsError/Code/invalidInput`` if it is empty, too long, begins with `~`, or holds characters that
    ///   a name may not.
    public init(_ rawValue: String) throws(BellowsError) {
        guard Identifier.isValid(rawValue, maximumLength: Self.maximumLength) else {
            throw .id(Identifier.excerpt(rawValue))
        }
        self.rawValue = rawValue
    }

    /// Takes an id that a store holds; for backends. Unlike ``init(_:)`` it takes the library's own ids, which begin with
    /// `~`, and what later versions may allow.
    ///
    /// - Parameter text: what the store holds.
    /// - Throws: ``BellowsError/Code/invalidData`` if it is empty, longer than 400 bytes, or holds control characters.
    public init(stored text: String) throws(BellowsError) {
        guard (1...2 * Self.maximumLength).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            throw BellowsError(.invalidData, "the store holds the invalid task id \"\(Identifier.excerpt(text))\"")
        }
        rawValue = text
    }

    /// When the id was made; nil unless it has the form of the library's own.
    var creationDate: Date? {
        guard rawValue.utf8.count == 26 else { return nil }
        var milliseconds: UInt64 = 0
        for byte in rawValue.utf8.prefix(10) {
            guard let value = Self.value(of: byte) else { return nil }
            milliseconds = milliseconds << 5 | value
        }
        guard milliseconds < 1 << 48, rawValue.utf8.allSatisfy({ Self.value(of: $0) != nil }) else { return nil }
        return Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    /// What a digit of Crockford's base 32 stands for; nil for anything else.
    private static func value(of byte: UInt8) -> UInt64? {
        (0..<32).first { digit($0) == byte }
    }

    /// An id that came from the store, or one that the library made.
    package init(unchecked rawValue: String) {
        self.rawValue = rawValue
    }

    /// Makes a new id from the wall clock and the system's random source.
    public init() {
        let milliseconds = UInt64(max(0, Date().timeIntervalSince1970 * 1000))
        let random = RandomPool.take()
        self.init(milliseconds: milliseconds, high: random.high, low: random.low)
    }

    /// Makes an id from its three parts; 48 bits of `milliseconds` count.
    init(milliseconds: UInt64, high: UInt16, low: UInt64) {
        // 48 bits of time in 10 digits of 5 bits, then 80 random ones in 16.
        rawValue = String(unsafeUninitializedCapacity: 26) { text in
            for digit in 0..<10 {
                text[digit] = Self.digit(milliseconds >> UInt64(45 - 5 * digit))
            }
            var (upper, lower) = (UInt64(high), low)
            for digit in stride(from: 25, through: 10, by: -1) {
                text[digit] = Self.digit(lower)
                lower = (lower >> 5) | (upper << 59)
                upper >>= 5
            }
            return 26
        }
    }

    /// The lowest five bits in Crockford's base 32, which has no I, L, O and U.
    private static func digit(_ bits: UInt64) -> UInt8 {
        switch UInt8(truncatingIfNeeded: bits & 31) {
        case let value where value < 10: UInt8(ascii: "0") + value
        case let value where value < 18: UInt8(ascii: "A") + value - 10
        case let value where value < 20: UInt8(ascii: "J") + value - 18
        case let value where value < 22: UInt8(ascii: "M") + value - 20
        case let value where value < 27: UInt8(ascii: "P") + value - 22
        case let value: UInt8(ascii: "V") + value - 27
        }
    }

    /// The id as text.
    public var description: String { rawValue }

    /// Orders ids by their bytes, which for the library's own ids is the order of creation.
    public static func < (left: TaskID, right: TaskID) -> Bool {
        left.rawValue < right.rawValue
    }
}
