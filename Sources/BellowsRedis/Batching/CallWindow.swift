/// Numbers the calls for one definition, and keeps them so close together that the answer to each one that may have
/// to be repeated is still kept by Redis, which has the last hundred. Knows no clock and no lock.
struct CallWindow: Sendable {
    /// The next number is always less than this away from the oldest call that is still open.
    static let width: UInt64 = 64
    /// Answers are kept for ten minutes from the last call that asked for it; calls ask once in this time.
    static let refreshInterval = Duration.seconds(60)

    private var lastNumber: UInt64 = 0
    private var open: [UInt64] = []
    private var lastRefresh: ContinuousClock.Instant?

    /// Whether no call is open.
    var isIdle: Bool { open.isEmpty }

    /// Begins a call.
    ///
    /// - Returns: its number; nil if an older call has to end first.
    mutating func begin(at now: ContinuousClock.Instant) -> CallNumber? {
        let number = lastNumber + 1
        if let oldest = open.first, number - oldest >= Self.width { return nil }
        lastNumber = number
        open.append(number)
        let refreshes = lastRefresh.map { now - $0 >= Self.refreshInterval } ?? true
        if refreshes { lastRefresh = now }
        return CallNumber(value: number, refreshesAnswers: refreshes)
    }

    /// Ends a call: it will not be repeated.
    mutating func end(_ number: CallNumber) {
        open.removeAll { $0 == number.value }
    }
}
