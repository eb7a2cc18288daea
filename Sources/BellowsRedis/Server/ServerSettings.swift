/// What CONFIG GET tells, as far as it matters to us. Nil where the user may not ask, or the server has no CONFIG.
struct ServerSettings: Sendable, Equatable {
    /// What we ask for.
    static let names = [
        "appendfsync", "save", "min-replicas-to-write", "appendonly", "maxmemory", "maxmemory-policy",
    ]

    /// `always`, `everysec` or `no`.
    var appendSync: String?
    /// When snapshots are made; empty for never.
    var snapshots: String?
    /// How many replicas have to be there for a write to be taken.
    var neededReplicas: Int?
    /// What INFO tells too, for servers that do not run it for us; nil if nothing is told.
    private(set) var facts: ServerFacts?

    /// Nothing is known.
    init() {}

    /// Reads names and values in turn.
    init(pairs: [String]) {
        var told = ServerFacts(info: "")
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            let value = pairs[index + 1]
            switch pairs[index] {
            case "appendfsync": appendSync = value
            case "save": snapshots = value
            case "min-replicas-to-write": neededReplicas = Int(value)
            case "appendonly": told.appendsToFile = value == "yes"
            case "maxmemory": told.memoryLimit = Int(value) ?? 0
            case "maxmemory-policy": told.evictionPolicy = value
            default: break
            }
        }
        if told != ServerFacts(info: "") { facts = told }
    }
}
