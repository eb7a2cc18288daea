/// Judges whether Swift's own pool of threads still does work, from looks at it in regular intervals. Knows no clock and
/// no thread.
///
/// Leases are renewed on a thread of their own, which goes on whatever happens to the pool. That is as it should be
/// while handlers block: they do what they hold their leases for. But when something else holds the threads of the pool,
/// no handler gets on, and a process that renewed its leases all the same would hold its tasks for ever.
///
/// The rule: a look finds a sign of life if the pool has run a probe since the look before, or if handlers are inside
/// jobs on as many threads as the pool has. After ``looks`` looks in a row without a sign the pool is silent. Looks are
/// counted, rather than time, so that a process which was stopped and continued is not blamed for the time in between.
struct PoolPulse: Sendable {
    /// What a look has changed.
    enum Change: Equatable, Sendable {
        case fellSilent
        case cameBack
    }

    /// For how many looks in a row the pool may give no sign of life.
    static let looks = 4
    /// A pool that gives no sign of life for less than this may only be busy, however short the leases are.
    static let leastPatience = Duration.seconds(5)

    /// How far looks are apart.
    let interval: Duration
    private(set) var isSilent = false
    private var misses = 0

    /// A pool that lives.
    ///
    /// - Parameter lease: for how long it may be silent, but at least ``leastPatience``.
    init(lease: Duration) {
        interval = max(lease, Self.leastPatience) / Self.looks
    }

    /// Somebody has looked.
    ///
    /// - Parameter hasSign: whether there was a sign of life since the last look.
    mutating func looked(hasSign: Bool) -> Change? {
        misses = hasSign ? 0 : min(misses + 1, Self.looks)
        let wasSilent = isSilent
        isSilent = misses == Self.looks || (wasSilent && !hasSign)
        guard isSilent != wasSilent else { return nil }
        return isSilent ? .fellSilent : .cameBack
    }
}
