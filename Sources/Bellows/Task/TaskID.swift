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
    /// task this id, because ids do not begin with `~`.
    public static let singleton = TaskID(unchecked: "~singleton")

    /// Checks an id that a caller gives.
    ///
    /// - Parameter rawValue: the text of the id.
    /// - Throws: ``InvalidTaskError/id(_:)`` if it is empty, too long, or holds characters that a name may not.
    public init(_ rawValue: String) throws(InvalidTaskError) {
        guard Identifier.isValid(rawValue, maximumLength: Self.maximumLength) else {
            throw .id(Identifier.excerpt(rawValue))
        }
        self.rawValue = rawValue
    }

    /// An id that came from the store, or one that the library made.
    package init(unchecked rawValue: String) {
        self.rawValue = rawValue
    }

    /// Makes a new id from the wall clock and the system's random source.
    public init() {
        let milliseconds = UInt64(max(0, Date().timeIntervalSince1970 * 1000))
        self.init(milliseconds: milliseconds, high: UInt16.random(in: .min ... .max), low: .random(in: .min ... .max))
    }

    /// Makes an id from its three parts; 48 bits of `milliseconds` count.
    init(milliseconds: UInt64, high: UInt16, low: UInt64) {
        let alphabet = Self.alphabet
        var text: [UInt8] = []
        text.reserveCapacity(26)
        for shift in stride(from: 45, through: 0, by: -5) {
            text.append(alphabet[Int((milliseconds >> UInt64(shift)) & 31)])
        }
        // 80 random bits: 16 digits of 5 bits, taken from the 16 + 64 bits as one number.
        var upper = UInt64(high)
        var lower = low
        var digits: [UInt8] = []
        for _ in 0..<16 {
            digits.append(alphabet[Int(lower & 31)])
            lower = (lower >> 5) | (upper << 59)
            upper >>= 5
        }
        text.append(contentsOf: digits.reversed())
        rawValue = String(decoding: text, as: UTF8.self)
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// The id as text.
    public var description: String { rawValue }

    /// Orders ids by their bytes, which for the library's own ids is the order of creation.
    public static func < (left: TaskID, right: TaskID) -> Bool {
        left.rawValue < right.rawValue
    }
}
