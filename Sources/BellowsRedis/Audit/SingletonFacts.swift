import Bellows

/// What is noted of a singleton: the fields of its hash. Pure.
struct SingletonFacts: Sendable, Equatable {
    private static let knownFields: Set<String> = ["token", "attempt", "end", "due", "error"]

    let fields: [String: String]

    /// The rules that it breaks.
    ///
    /// - Parameters:
    ///   - now: the server's time in ms.
    ///   - longestLease: the longest lease in use, in ms; nil if none is noted.
    func problems(now: Int64, longestLease: Int64?) -> [(kind: StoreViolation.Kind, text: String)] {
        var found: [(kind: StoreViolation.Kind, text: String)] = []
        let numbers = ["attempt", "end", "due"]
        for field in fields.keys.sorted() {
            let value = fields[field] ?? ""
            let isSound = Self.knownFields.contains(field) && (!numbers.contains(field) || Int64(value) != nil)
            if !isSound {
                found.append((.malformed, "its field \(TaskFacts.excerpt(field)) is \(TaskFacts.excerpt(value))"))
            }
        }
        guard let token = fields["token"] else {
            found.append((.malformed, "the singleton has no token"))
            return found
        }
        guard !token.isEmpty else { return found }
        guard TokenForm(token) == .held else {
            found.append((.malformed, "its token is \(TaskFacts.excerpt(token))"))
            return found
        }
        if token.prefix(while: { $0 != ":" }) != fields["attempt"] ?? "" {
            found.append(
                (.malformed, "its token is of another attempt than \(TaskFacts.excerpt(fields["attempt"] ?? ""))")
            )
        }
        guard let end = fields["end"].flatMap({ Int64($0) }) else {
            found.append((.leaseWithoutToken, "its lease has no end"))
            return found
        }
        let left = end.subtractingClamped(now)
        if let longestLease, left > longestLease.addingClamped(1000) {
            found.append((.tooFar, "its lease ends in \(left) ms"))
        }
        return found
    }
}
