import DequeModule

/// Decides when calls of one kind for one definition go out, and which of them go together. Knows no lock and no
/// connection.
///
/// While few calls are under way, each goes out at once and alone. Beyond that they gather, and go out together as
/// soon as one of those under way has ended.
struct BatchQueue<Item: Sendable>: Sendable {
    /// A call that waits.
    struct Entry: Sendable {
        /// What to do.
        let item: Item
        /// How many tasks it is about.
        let count: Int
        /// How many bytes they have.
        let bytes: Int
        /// The ids that may not stand twice in one script call.
        var exclusiveIDs: [String] = []
    }

    /// Calls that may be under way at once.
    static var maximumUnderWay: Int { 2 }
    /// Tasks that may go together.
    static var maximumCount: Int { 100 }
    /// Bytes that may go together.
    static var maximumBytes: Int { 1 << 20 }

    private var underWay = 0
    private var waiting: Deque<Entry> = []

    init() {}

    /// Whether nothing waits and nothing is under way.
    var isIdle: Bool { underWay == 0 && waiting.isEmpty }

    /// Adds a call.
    ///
    /// - Returns: whether the caller has to begin a run of ``takeNext()``.
    mutating func add(_ entry: Entry) -> Bool {
        waiting.append(entry)
        guard underWay < Self.maximumUnderWay else { return false }
        underWay += 1
        return true
    }

    /// Takes out what goes out together next. An empty answer ends the run.
    mutating func takeNext() -> [Item] {
        var items: [Item] = []
        var (count, bytes) = (0, 0)
        var ids: Set<String> = []
        while let entry = waiting.first {
            let fits = count + entry.count <= Self.maximumCount && bytes + entry.bytes <= Self.maximumBytes
            guard items.isEmpty || (fits && ids.isDisjoint(with: entry.exclusiveIDs)) else { break }
            waiting.removeFirst()
            items.append(entry.item)
            (count, bytes) = (count + entry.count, bytes + entry.bytes)
            ids.formUnion(entry.exclusiveIDs)
        }
        if items.isEmpty { underWay -= 1 }
        return items
    }
}
