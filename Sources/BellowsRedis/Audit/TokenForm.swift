/// What the text of a token says.
enum TokenForm: Equatable {
    /// There is none.
    case none
    /// `ATTEMPT:`: claimed before, by nobody now.
    case free
    /// `ATTEMPT:NONCE`: a claim holds it.
    case held
    /// Anything else.
    case unreadable

    init(_ text: String?) {
        guard let text else {
            self = .none
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let attempt = Int(parts[0]), attempt >= 0 else {
            self = .unreadable
            return
        }
        self = parts[1].isEmpty ? .free : attempt > 0 && Self.isNonce(parts[1]) ? .held : .unreadable
    }

    /// Whether a text is `PROCESS-NUMBER`.
    private static func isNonce(_ text: Substring) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0].count == 16 && parts[0].allSatisfy(\.isHexDigit) && UInt64(parts[1]) != nil
    }
}
