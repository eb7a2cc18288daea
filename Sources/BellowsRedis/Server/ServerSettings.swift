/// What CONFIG GET tells, as far as it matters to us. Nil where the user may not ask.
struct ServerSettings: Sendable, Equatable {
    /// What we ask for.
    static let names = ["appendfsync", "save", "min-replicas-to-write"]

    /// `always`, `everysec` or `no`.
    var appendSync: String?
    /// When snapshots are made; empty for never.
    var snapshots: String?
    /// How many replicas have to be there for a write to be taken.
    var neededReplicas: Int?

    /// Nothing is known.
    init() {}

    /// Reads names and values in turn.
    init(pairs: [String]) {
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            let value = pairs[index + 1]
            switch pairs[index] {
            case "appendfsync": appendSync = value
            case "save": snapshots = value
            case "min-replicas-to-write": neededReplicas = Int(value)
            default: break
            }
        }
    }
}
