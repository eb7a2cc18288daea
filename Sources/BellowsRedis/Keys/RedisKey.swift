/// The kinds of keys that a definition has; the raw value is what stands behind its base key and a colon. Tests compare
/// this list with docs/redis-layout.md and with the scripts, which write the names out.
package enum RedisKey: String, CaseIterable, Sendable {
    case records
    case line
    case delayed
    case leases
    case tokens
    case errors
    case wants
    case nextRecords = "next-records"
    case cancels
    /// One for each result, so its name is short.
    case result = "r"
    /// One for each id that stays taken, so its name is short.
    case finished = "t"
    case dead
    case deadRecords = "dead-records"
    case deadReasons = "dead-reasons"
    case singleton
    case meta
    case replay
    case waiting
    case timekeepers
    case secondLook = "second-look"
    case door
    case relays
    case partitions
    case layout

    /// What the key holds, as TYPE answers.
    var type: String {
        switch self {
        case .records, .tokens, .errors, .wants, .nextRecords, .cancels, .deadRecords, .deadReasons, .singleton, .meta,
            .replay, .timekeepers:
            "hash"
        case .delayed, .leases, .dead, .waiting: "zset"
        case .line: "list"
        case .relays: "set"
        case .result, .finished, .secondLook, .door, .partitions, .layout: "string"
        }
    }

    /// Whether there is one for each task or process: behind the name stand a space and the owner.
    var hasOwner: Bool {
        switch self {
        case .result, .finished, .replay: true
        default: false
        }
    }
}
