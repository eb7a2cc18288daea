/// The sizes that a backend takes. Whatever is larger is refused before it is sent. How many items a verb takes, and how
/// many dead letters are kept and for how long, stands in ``VerbLimits``; the script that trims them is
/// `lua/parts/bury.lua`.
///
/// Limits that no store can keep are refused with ``BellowsError/Code/invalidConfiguration`` when a backend connects, by
/// each publish, and when a dispatcher starts.
public struct TaskLimits: Hashable, Sendable {
    /// Bytes of a payload; 1 MiB by default, at most ``maximumPayload``.
    public var payload: Int
    /// Bytes of a result; 1 MiB by default, at most ``maximumPayload``. A larger result ends the task as a dead letter.
    public var result: Int
    /// Bytes of all header names and values of a task; 16 KiB by default, at most 1 MiB.
    public var headers: Int
    /// Bytes of an error text, which is cut to this length; 4 KiB by default, at most 1 MiB.
    public var errorText: Int

    /// Makes a set of limits.
    ///
    /// - Parameters:
    ///   - payload: bytes of a payload.
    ///   - result: bytes of a result.
    ///   - headers: bytes of all headers of a task.
    ///   - errorText: bytes of an error text.
    public init(
        payload: Int = 1 << 20,
        result: Int = 1 << 20,
        headers: Int = 16 << 10,
        errorText: Int = 4 << 10
    ) {
        self.payload = payload
        self.result = result
        self.headers = headers
        self.errorText = errorText
    }

    /// The largest limit for payloads and results: 64 MiB.
    public static let maximumPayload = 64 << 20
    /// The largest limit for headers and error texts: 1 MiB.
    public static let maximumText = 1 << 20

    /// Checks that a store can keep what these limits let through.
    ///
    /// - Throws: ``BellowsError/Code/invalidConfiguration`` for a negative or too large limit.
    public func validate() throws(BellowsError) {
        try Self.validate("payloads", payload, maximum: Self.maximumPayload)
        try Self.validate("results", result, maximum: Self.maximumPayload)
        try Self.validate("headers", headers, maximum: Self.maximumText)
        try Self.validate("error texts", errorText, maximum: Self.maximumText)
    }

    /// Refuses a payload or headers over these limits.
    func check(payload: [UInt8], headers: [String: String]) throws(BellowsError) {
        guard payload.count <= self.payload else {
            throw .payloadTooLarge(size: payload.count, limit: self.payload)
        }
        guard !headers.isEmpty else { return }
        let size = headers.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size <= self.headers else { throw .headersTooLarge(size: size, limit: self.headers) }
    }

    private static func validate(_ what: StaticString, _ bytes: Int, maximum: Int) throws(BellowsError) {
        guard bytes >= 0, bytes <= maximum else { throw .limit("\(what)", bytes, maximum: maximum) }
    }

    /// An error text cut to ``errorText`` bytes on a character's border.
    public func truncated(_ text: String) -> String {
        guard text.utf8.count > errorText else { return text }
        var cut = text.utf8.index(text.utf8.startIndex, offsetBy: errorText)
        while cut > text.utf8.startIndex, cut.samePosition(in: text.unicodeScalars) == nil {
            cut = text.utf8.index(before: cut)
        }
        return String(text[..<cut])
    }
}
