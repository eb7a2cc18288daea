/// For how long tasks of newer versions are left alone after they were given back, and when somebody is told of them: a
/// plain value.
///
/// A task that comes back is left alone for twice as long as before, up to a minute, so that a fleet which does not know
/// it takes it once a minute, and a worker of the newer version finds it due most of the time.
struct GiveBackSchedule {
    /// How long a task is left alone when it is given back for the first time.
    static let firstDelay = Duration.seconds(5)
    /// How long it is left alone at most.
    static let longestDelay = Duration.seconds(60)
    /// How many tasks are remembered. Others are left alone for the longest time.
    static let maximumCount = 1000
    /// How long a task is remembered that does not come back.
    static let memory = Duration.seconds(600)
    /// One line of the log at most in this time.
    static let warningInterval = Duration.seconds(60)

    private struct Key: Hashable {
        let name: TaskName
        let id: TaskID
    }

    private struct Entry {
        var nextDelay: Duration
        var end: MonotonicInstant
    }

    private var entries: [Key: Entry] = [:]
    private var cleanedAt: MonotonicInstant?
    private var warnedAt: MonotonicInstant?
    private var untold = 0

    /// How often a task was given back.
    private(set) var total = 0

    /// How many tasks are remembered.
    var count: Int { entries.count }

    /// A task is given back.
    ///
    /// - Returns: for how long it is left alone.
    mutating func delay(for lease: Lease, at now: MonotonicInstant) -> Duration {
        total += 1
        untold += 1
        let key = Key(name: lease.name, id: lease.id)
        let known = entries[key]
        if known == nil, !hasSpace(now) { return Self.longestDelay }
        let delay = known.map { $0.end > now ? $0.nextDelay : Self.firstDelay } ?? Self.firstDelay
        entries[key] = Entry(nextDelay: min(delay * 2, Self.longestDelay), end: now + delay + Self.memory)
        return delay
    }

    /// Whether somebody is told now.
    ///
    /// - Returns: how often a task was given back since somebody was told last; nil if it is too early to say it again.
    mutating func warning(at now: MonotonicInstant) -> Int? {
        if let warnedAt, now - warnedAt < Self.warningInterval { return nil }
        defer { untold = 0 }
        warnedAt = now
        return untold
    }

    /// Makes space by forgetting those that did not come back; it looks for them once in a minute at most.
    private mutating func hasSpace(_ now: MonotonicInstant) -> Bool {
        guard entries.count >= Self.maximumCount else { return true }
        if let cleanedAt, now - cleanedAt < Self.longestDelay { return false }
        cleanedAt = now
        entries = entries.filter { $0.value.end > now }
        return entries.count < Self.maximumCount
    }
}
