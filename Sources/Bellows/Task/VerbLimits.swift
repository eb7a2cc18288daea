/// The most that one call of a verb takes or brings; the one place for these numbers. Backends check them first, with
/// ``check(_:atMost:)``, and whoever calls a backend cuts its lists by them.
///
/// The scripts of Redis have some of them too; a test compares both.
public enum VerbLimits {
    /// Tasks of one publish.
    public static let publishedTasks = 100
    /// Bytes of payloads and headers of one publish of several tasks: 64 MiB. One task alone is bounded by ``TaskLimits``.
    public static let publishedBytes = 64 << 20
    /// Tasks of one claim.
    public static let claimedTasks = 100
    /// Leases of one renewal.
    public static let renewedLeases = 1000
    /// Attempts that one call finishes, fails or releases.
    public static let reports = 100
    /// Results that one call looks for.
    public static let results = 100
    /// Tasks of one page of a list.
    public static let listedTasks = 200
    /// Tasks that one call inspects.
    public static let inspectedTasks = 100
    /// Bytes that a search looks for.
    public static let searchedBytes = 1000
    /// Dead letters of one list.
    public static let listedDeadLetters = 1000
    /// Tasks that one call cancels or moves, and dead letters that one retries or deletes.
    public static let changedTasks = 100
    /// Dead letters that are kept of one definition; the oldest go first.
    public static let keptDeadLetters = 10_000
    /// How long dead letters are kept: 90 days.
    public static let deadLetterRetention = Duration.seconds(90 * 86_400)
    /// Bytes of payloads, results or error texts that go in one call, or come with one answer, unless one item alone has
    /// more: 1 MiB. It keeps calls short for others; a call that several items may exceed has a limit of its own.
    public static let callBytes = 1 << 20

    /// Bytes of the reason for which tasks are cancelled.
    public static let reasonBytes = 1000

    /// Refuses a list that is longer than its verb takes.
    ///
    /// - Parameters:
    ///   - count: how many items there are.
    ///   - limit: how many are taken.
    /// - Throws: ``BellowsError/Code/tooLarge``.
    public static func check(_ count: Int, atMost limit: Int) throws(BellowsError) {
        guard count <= limit else { throw .tooManyItems(count: count, limit: limit) }
    }

    /// Refuses a page of no task or of too many.
    ///
    /// - Parameter limit: the most tasks of a page.
    /// - Throws: ``BellowsError/Code/tooLarge``.
    public static func checkPage(_ limit: Int) throws(BellowsError) {
        guard (1...listedTasks).contains(limit) else { throw .tooManyItems(count: limit, limit: listedTasks) }
    }

    /// Refuses to cancel too many tasks, a singleton, or for a reason that is too long.
    ///
    /// - Parameters:
    ///   - ids: the tasks.
    ///   - reason: why.
    /// - Throws: ``BellowsError/Code/tooLarge`` or ``BellowsError/Code/invalidInput``.
    public static func checkCancellation(_ ids: [TaskID], reason: String) throws(BellowsError) {
        try checkChange(ids)
        guard reason.utf8.count <= reasonBytes else {
            throw BellowsError(.invalidInput, "a reason of \(reason.utf8.count) bytes: use at most \(reasonBytes)")
        }
    }

    /// Refuses to change too many tasks, or a singleton.
    ///
    /// - Parameter ids: the tasks.
    /// - Throws: ``BellowsError/Code/tooLarge`` or ``BellowsError/Code/invalidInput``.
    public static func checkChange(_ ids: [TaskID]) throws(BellowsError) {
        try check(ids.count, atMost: changedTasks)
        guard !ids.contains(.singleton) else {
            throw BellowsError(
                .invalidInput,
                "a singleton cannot be cancelled or changed: pause its definition instead"
            )
        }
    }

    /// Refuses to search for nothing, or for too much.
    ///
    /// - Parameter bytes: what to search for.
    /// - Throws: ``BellowsError/Code/invalidInput``.
    public static func checkSearch(_ bytes: [UInt8]) throws(BellowsError) {
        guard (1...searchedBytes).contains(bytes.count) else { throw .searchedBytes(bytes.count) }
    }
}
