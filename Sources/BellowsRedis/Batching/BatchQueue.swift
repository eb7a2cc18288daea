import Bellows
import DequeModule

/// Decides when calls of one kind for one definition go out, and which of them go together. Knows no lock and no
/// connection.
///
/// What gathers within one turn of the event loop goes out together; nothing waits for a batch to fill. While as
/// many script calls as allowed are under way, calls gather until one of them has ended.
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
        /// What all calls that go together must have in common; nil goes with any.
        var mode: Int64?
        /// When it is of no use any more; nil for never.
        var deadline: ContinuousClock.Instant?
    }

    private var pacing = CallPacing()
    private var isFlushArranged = false
    private var waiting: Deque<Entry> = []
    private var waitingCount = 0

    init() {}

    /// Whether nothing waits and nothing is under way.
    var isIdle: Bool { pacing.isIdle && waiting.isEmpty && !isFlushArranged }

    /// Adds a call.
    ///
    /// - Returns: whether the caller has to arrange a flush: calls of ``takeNext()`` at the end of the turn.
    mutating func add(_ entry: Entry) -> Bool {
        waiting.append(entry)
        waitingCount += entry.count
        return arrangeFlush()
    }

    /// Takes out what goes out together next.
    ///
    /// - Parameter limit: what has its deadline before this instant is taken out too, but does not go out.
    /// - Returns: what goes out, of which nothing ends the flush; and what is too late.
    mutating func takeNext(after limit: ContinuousClock.Instant? = nil) -> (items: [Item], late: [Item]) {
        var late: [Item] = []
        // The first one has waited longest.
        while let limit, let deadline = waiting.first?.deadline, deadline < limit {
            let entry = waiting.removeFirst()
            waitingCount -= entry.count
            late.append(entry.item)
        }
        guard mayGo else {
            isFlushArranged = false
            return ([], late)
        }
        var items: [Item] = []
        items.reserveCapacity(min(waiting.count, VerbLimits.reports))
        var (count, bytes) = (0, 0)
        var mode: Int64?
        var ids: Set<String> = []
        while let entry = waiting.first {
            let fits = count + entry.count <= VerbLimits.reports && bytes + entry.bytes <= VerbLimits.callBytes
            let isAlike = mode == nil || entry.mode == nil || mode == entry.mode
            guard items.isEmpty || (fits && isAlike && ids.isDisjoint(with: entry.exclusiveIDs)) else { break }
            waiting.removeFirst()
            waitingCount -= entry.count
            items.append(entry.item)
            (count, bytes) = (count + entry.count, bytes + entry.bytes)
            mode = mode ?? entry.mode
            if !entry.exclusiveIDs.isEmpty { ids.formUnion(entry.exclusiveIDs) }
        }
        pacing.began(count)
        return (items, late)
    }

    /// Notes that a script call has ended.
    ///
    /// - Parameter count: how many tasks it was about.
    /// - Returns: whether the caller has to arrange a flush.
    mutating func ended(count: Int) -> Bool {
        pacing.ended(count)
        return arrangeFlush()
    }

    private mutating func arrangeFlush() -> Bool {
        guard !isFlushArranged, mayGo else { return false }
        isFlushArranged = true
        return true
    }

    private var mayGo: Bool { !waiting.isEmpty && pacing.mayBegin(waiting: waitingCount) }
}
