import Bellows

/// An error reply. This is the only place that reads its text: everybody else goes by its category.
///
/// The first word mostly says what it means. Errors inside scripts are worded differently by each generation of servers
/// (Redis 6.2, 7.0, and 7.2 with Valkey).
struct RedisServerError: Error, Sendable, Equatable {
    /// What an error means.
    enum Category: Sendable, Equatable, CaseIterable {
        /// A replica: find the primary.
        case notPrimary
        /// Busy, loading, or without enough replicas: try again.
        case notReady
        /// It has as many connections as it takes: try again.
        case tooManyClients
        /// A server of a cluster that does not know who serves a slot, or is cut off from the others: try again.
        case clusterDown
        /// Out of memory or disk.
        case storeFull
        /// The script must be sent again.
        case noScript
        /// Nobody has logged in, or with a wrong user name or password.
        case badCredentials
        /// A password was sent, and the server has none.
        case noPassword
        /// The user may not do this.
        case noPermission
        /// The server has no such command, perhaps because it was renamed.
        case unknownCommand
        /// A server of a cluster that keeps the key elsewhere; see ``RedisServerError/redirect``.
        case redirect
        /// Keys of different slots in one call.
        case crossSlot
        /// A command of clusters was sent to a server of its own.
        case noCluster
        /// One of our keys holds something of another type.
        case wrongType
        /// A fault in us or in what we were sent.
        case other
    }

    /// The whole text, fit for one line; without what was sent to the server.
    let message: String
    /// What it means.
    let category: Category

    init(_ text: String) {
        let text = ErrorText.sanitize(String(text.prefix(500)))
        category = Self.category(of: Self.cause(of: text))
        // Behind that come the arguments, perhaps a password.
        let arguments = category == .unknownCommand ? text.firstRange(of: ", with args") : nil
        message = String(text[..<(arguments?.lowerBound ?? text.endIndex)])
    }

    /// Where a server of a cluster points; nil if it points nowhere.
    var redirect: ClusterRedirect? { category == .redirect ? ClusterRedirect(message) : nil }

    /// Whether this command is not carried out for us, now or later: what it would tell stays unknown.
    var deniesCommand: Bool { category == .noPermission || category == .unknownCommand }

    /// The same as an error of the backend.
    var backendError: BellowsError {
        switch category {
        case .notPrimary: BellowsError(.notPrimary, "Redis is a replica, not the primary: \(message)")
        case .notReady, .tooManyClients, .clusterDown: BellowsError(.unavailable, "Redis is not ready: \(message)")
        case .storeFull: BellowsError(.storeFull, "Redis takes no more data: \(message)")
        case .badCredentials, .noPassword, .noPermission:
            BellowsError(.accessDenied, "Redis refuses us: \(message)")
        case .unknownCommand: BellowsError(.unsupportedServer, "Redis lacks a command that is needed: \(message)")
        case .redirect, .crossSlot:
            BellowsError(
                .unsupportedServer,
                "this server is one of a cluster, connect with redis-cluster://: \(message)"
            )
        case .noCluster: BellowsError(.invalidConfiguration, "Redis is no cluster: connect with redis://")
        case .wrongType: BellowsError(.invalidData, "a key under our prefix holds foreign data: \(message)")
        case .noScript, .other: BellowsError(.invalidData, "Redis answered with an error: \(message)")
        }
    }

    /// Whether the server refuses everything only until it has read its data.
    var isLoading: Bool { Self.cause(of: message).hasPrefix("LOADING") }

    /// The error itself, without what Redis 6.2 puts in front if it happened in a script:
    /// `ERR Error running script (call to f_DIGEST): @user_script:1: @user_script: 1: -OOM command not allowed`.
    ///
    /// Later servers put the place behind the error. What `redis.pcall` hands to a script has no first words on 6.2.
    private static func cause(of text: String) -> Substring {
        guard text.hasPrefix("ERR Error running script") || text.hasPrefix("@user_script:"),
            let place = text.ranges(of: "user_script:").last,
            let colon = text[place.upperBound...].firstIndex(of: ":")
        else { return text[...] }
        return text[text.index(after: colon)...].drop { $0 == " " || $0 == "-" }
    }

    private static func category(of cause: Substring) -> Category {
        let word = cause.prefix { $0 != " " }
        if let category = category(word: word) { return category }
        let text = word == "ERR" ? cause.dropFirst(4) : cause
        return phrases.first { text.hasPrefix($0.start) }?.category ?? .other
    }

    private static func category(word: Substring) -> Category? {
        switch word {
        case "READONLY", "MASTERDOWN", "UNBLOCKED": .notPrimary
        case "LOADING", "BUSY", "TRYAGAIN", "NOREPLICAS": .notReady
        case "CLUSTERDOWN": .clusterDown
        case "OOM", "MISCONF": .storeFull
        case "NOSCRIPT": .noScript
        case "NOAUTH", "WRONGPASS", "DENIED": .badCredentials
        case "NOPERM": .noPermission
        case "MOVED", "ASK": .redirect
        case "CROSSSLOT": .crossSlot
        case "WRONGTYPE": .wrongType
        default: nil
        }
    }

    /// What stands behind `ERR`, or behind nothing, where no word of its own tells what is meant.
    private static let phrases: [(start: String, category: Category)] = [
        ("max number of clients", .tooManyClients),
        // Redis 6.2 and 7.0; then Redis since 7.2 and Valkey.
        ("The user executing the script can't", .noPermission),
        ("ACL failure in script", .noPermission),
        ("unknown command", .unknownCommand),
        ("unknown subcommand", .unknownCommand),
        ("Unknown subcommand", .unknownCommand),
        // In scripts: Redis, then Valkey.
        ("Unknown Redis command", .unknownCommand),
        ("Unknown command", .unknownCommand),
        ("This instance has cluster support disabled", .noCluster),
        ("AUTH <password> called without any password configured", .noPassword),
    ]
}
