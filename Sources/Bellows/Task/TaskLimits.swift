/// The sizes that a backend takes. Whatever is larger is refused before it is sent.
public struct TaskLimits: Hashable, Sendable {
    /// Bytes of a payload; 1 MiB by default, at most 64 MiB.
    public var payload: Int
    /// Bytes of a result; 1 MiB by default, at most 64 MiB. A larger result ends the task as a dead letter.
    public var result: Int
    /// Bytes of all header names and values of a task; 16 KiB by default.
    public var headers: Int
    /// Bytes of an error text, which is cut to this length; 4 KiB by default.
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
        self.payload = min(payload, 64 << 20)
        self.result = min(result, 64 << 20)
        self.headers = headers
        self.errorText = errorText
    }

    /// An error text cut to ``errorText`` bytes on a character's border.
    package func truncated(_ text: String) -> String {
        guard text.utf8.count > errorText else { return text }
        var cut = text.utf8.index(text.utf8.startIndex, offsetBy: errorText)
        while cut > text.utf8.startIndex, cut.samePosition(in: text.unicodeScalars) == nil {
            cut = text.utf8.index(before: cut)
        }
        return String(text[..<cut])
    }
}
