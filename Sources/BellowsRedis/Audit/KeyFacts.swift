import Bellows

/// What is known of one key: its name, its type and when it expires. Pure.
struct KeyFacts: Sendable, Equatable {
    private static let minute: Int64 = 60_000

    /// The longest that a key of a kind may still live, in ms; nil if it must not expire.
    private static func longestLife(of kind: RedisKey) -> Int64? {
        switch kind {
        case .waiting, .timekeepers: 2 * minute
        case .secondLook: minute
        case .replay: 10 * minute
        // They live as long as somebody said.
        case .result, .finished: .max
        // An hour longer than the longest lease.
        case .cancels: .max
        default: nil
        }
    }

    let key: String
    /// As TYPE answers.
    let type: String
    /// As PTTL answers: ms, -1 if it does not expire, -2 if it is gone.
    let expiry: Int64

    /// The rule that it breaks, if any.
    func problem() -> (kind: StoreViolation.Kind, text: String)? {
        guard expiry != -2, type != "none" else { return nil }
        guard let kind = RedisKeySpace.kind(of: key) else { return (.unknownKey, "no script makes such a key") }
        guard type == kind.type else { return (.wrongType, "a \(type) instead of a \(kind.type)") }
        // A pause may have an end, or none.
        if kind == .door { return nil }
        switch Self.longestLife(of: kind) {
        case nil: return expiry == -1 ? nil : (.expiry, "it would disappear in \(expiry) ms")
        case let limit?:
            if expiry == -1 { return (.expiry, "it never expires") }
            return expiry > limit ? (.expiry, "it expires in \(expiry) ms only") : nil
        }
    }
}
