import Bellows

/// An error reply. What to do about it depends on its first word only; the text behind it differs between versions.
struct RedisServerError: Error, Sendable, Equatable {
    /// What kind of error it is.
    enum Category: Sendable, Equatable {
        /// A replica: find the primary.
        case notPrimary
        /// Busy, loading, or without enough replicas: try again.
        case notNow
        /// Out of memory or disk.
        case storeFull
        /// The script must be loaded again.
        case noScript
        /// Wrong credentials or a missing permission.
        case access
        /// A cluster that keeps the key elsewhere.
        case topology
        /// One of our keys holds something of another type.
        case wrongType
        /// A fault in us or in what we were sent.
        case other
    }

    /// The whole text, fit for one line.
    let message: String
    /// What kind of error it is.
    let category: Category

    init(_ text: String) {
        message = ErrorText.sanitize(String(text.prefix(500)))
        category = Self.categorize(message)
    }

    /// Where a server of a cluster points; nil if it points nowhere.
    var redirect: ClusterRedirect? { category == .topology ? ClusterRedirect(message) : nil }

    /// The same as an error of the backend.
    var backendError: BellowsError {
        switch category {
        case .notPrimary: BellowsError(.notPrimary, "Redis is a replica, not the primary: \(message)")
        case .notNow: BellowsError(.unavailable, "Redis is not ready: \(message)")
        case .storeFull: BellowsError(.storeFull, "Redis takes no more data: \(message)")
        case .access: BellowsError(.accessDenied, "Redis refuses us: \(message)")
        case .topology:
            BellowsError(
                .unsupportedServer,
                "this server is one of a cluster, connect with redis-cluster://: \(message)"
            )
        case .wrongType: BellowsError(.invalidData, "a key under our prefix holds foreign data: \(message)")
        case .noScript, .other: BellowsError(.invalidData, "Redis answered with an error: \(message)")
        }
    }

    private static func categorize(_ message: String) -> Category {
        let words = message.split(separator: " ", omittingEmptySubsequences: true)
        guard let first = words.first, first != "ERR" else { return categorizeGeneric(message, words) }
        return categorize(word: first) ?? .other
    }

    /// `ERR` covers refused connections, and on Redis before 7 also whatever failed inside a script.
    private static func categorizeGeneric(_ message: String, _ words: [Substring]) -> Category {
        if message.hasPrefix("ERR max number of clients") { return .notNow }
        if message.contains("The user executing the script can't") { return .access }
        guard message.hasPrefix("ERR Error running script") || message.hasPrefix("ERR Error compiling script") else {
            return .other
        }
        for word in words {
            let code = word.first == "-" ? word.dropFirst() : word
            if let category = categorize(word: code) { return category }
        }
        return .other
    }

    private static func categorize(word: Substring) -> Category? {
        switch word {
        case "READONLY", "MASTERDOWN", "UNBLOCKED": .notPrimary
        case "LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "NOREPLICAS": .notNow
        case "OOM", "MISCONF": .storeFull
        case "NOSCRIPT": .noScript
        case "NOAUTH", "WRONGPASS", "NOPERM", "DENIED": .access
        case "MOVED", "ASK", "CROSSSLOT": .topology
        case "WRONGTYPE": .wrongType
        default: nil
        }
    }
}
