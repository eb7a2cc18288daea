/// Notices servers that owe answers and give none, long before calls run out of time. Knows no clock and no connection.
struct AnswerWatch: Sendable {
    typealias Node = RedisConfiguration.Node

    /// A server that is silent for so long may have been replaced. It is no reason to leave it, only to ask others.
    static let patience = Duration.seconds(1)
    /// How often servers that owe answers are looked at.
    static let interval = Duration.milliseconds(500)

    private struct Debt {
        var count = 0
        /// Since when the server has said nothing.
        var silentSince: ContinuousClock.Instant
    }

    private var debts: [Node: Debt] = [:]
    private var isWatching = false

    /// A command goes to a server.
    ///
    /// - Returns: whether the caller has to arrange a look after ``interval``.
    mutating func sent(to node: Node, _ now: ContinuousClock.Instant) -> Bool {
        debts[node, default: Debt(silentSince: now)].count += 1
        defer { isWatching = true }
        return !isWatching
    }

    /// A command was answered, or given up.
    mutating func ended(at node: Node, _ now: ContinuousClock.Instant) {
        guard var debt = debts[node] else { return }
        debt.count -= 1
        debt.silentSince = now
        debts[node] = debt.count > 0 ? debt : nil
    }

    /// Looks at the servers.
    ///
    /// - Returns: whether one of them has been silent for too long, and whether another look has to be arranged.
    mutating func look(_ now: ContinuousClock.Instant) -> (isSilent: Bool, looksAgain: Bool) {
        isWatching = !debts.isEmpty
        return (debts.values.contains { now - $0.silentSince >= Self.patience }, isWatching)
    }
}
