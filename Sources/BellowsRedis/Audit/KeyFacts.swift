import Bellows

/// What is known of one key: its name, its type and when it expires. Pure.
struct KeyFacts: Sendable, Equatable {
    /// What a kind of key must be like.
    private struct Rule {
        let type: String
        /// The longest that it may still live, in ms; nil if it must not expire.
        var expiry: Int64?
    }

    private static let minute: Int64 = 60_000
    /// A result and a finished id live as long as the caller said.
    private static let anyExpiry = Int64.max
    private static let rules: [Substring: Rule] = [
        "p": Rule(type: "hash"), "q": Rule(type: "list"), "d": Rule(type: "zset"), "l": Rule(type: "zset"),
        "a": Rule(type: "hash"), "e": Rule(type: "hash"), "w": Rule(type: "hash"), "x": Rule(type: "zset"),
        "xp": Rule(type: "hash"), "xe": Rule(type: "hash"), "s": Rule(type: "hash"), "m": Rule(type: "hash"),
        "z": Rule(type: "zset", expiry: 2 * minute), "k": Rule(type: "hash", expiry: 2 * minute),
        "b": Rule(type: "string", expiry: minute), "c": Rule(type: "hash", expiry: 10 * minute),
        "r": Rule(type: "string", expiry: anyExpiry), "t": Rule(type: "string", expiry: anyExpiry),
        "layout": Rule(type: "string"), "n": Rule(type: "string"),
    ]
    /// Kinds of which there is one key for each task or process.
    private static let kindsWithOwner: Set<Substring> = ["r", "t", "c"]

    let key: String
    /// As TYPE answers.
    let type: String
    /// As PTTL answers: ms, -1 if it does not expire, -2 if it is gone.
    let expiry: Int64

    /// Which place of a definition the key is, for example `p`; nil for none of ours.
    static func place(of key: String) -> Substring? {
        guard let brace = key.lastIndex(of: "}") else { return nil }
        let rest = key[key.index(after: brace)...]
        guard rest.first == ":" else { return nil }
        let parts = rest.dropFirst().split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = parts.first, rules[kind] != nil else { return nil }
        let hasOwner = parts.count == 2 && !parts[1].isEmpty
        return hasOwner == kindsWithOwner.contains(kind) ? kind : nil
    }

    /// The rule that it breaks, if any.
    func problem() -> (kind: StoreViolation.Kind, text: String)? {
        guard expiry != -2, type != "none" else { return nil }
        guard let place = Self.place(of: key), let rule = Self.rules[place] else {
            return (.unknownKey, "no script makes such a key")
        }
        guard type == rule.type else { return (.wrongType, "a \(type) instead of a \(rule.type)") }
        switch rule.expiry {
        case nil: return expiry == -1 ? nil : (.expiry, "it would disappear in \(expiry) ms")
        case let limit?:
            if expiry == -1 { return (.expiry, "it never expires") }
            return expiry > limit ? (.expiry, "it expires in \(expiry) ms only") : nil
        }
    }
}
