/// What an audit has found.
public struct StoreAudit: Hashable, Sendable {
    /// How many definitions have data.
    public internal(set) var definitionCount = 0
    /// How many tasks are ready, delayed, leased or dead.
    public internal(set) var taskCount = 0
    /// How many singletons have run.
    public internal(set) var singletonCount = 0
    /// Elements of lists whose task is elsewhere. They are legal: claims skip them.
    public internal(set) var staleHintCount = 0
    /// Dead letters that were removed because there were more than 10,000, or they were older than 90 days, since the
    /// data of their definitions began. That is legal, and what they were is lost.
    public internal(set) var trimmedCount = 0
    /// The first violations, at most as many as asked for.
    public internal(set) var violations: [StoreViolation] = []
    /// How many violations there are.
    public internal(set) var violationCount = 0

    /// Whether every rule is kept.
    public var isClean: Bool { violationCount == 0 }

    /// Counts violations, and keeps them while there is room.
    mutating func add(_ found: [StoreViolation], limit: Int) {
        violationCount += found.count
        violations += found.prefix(max(0, limit - violations.count))
    }
}
