import Bellows

/// Whether subscribers may be missing signals, and how the gap is closed: a plain value without clock and connection.
///
/// A gap begins with the connection and whenever it is lost. Once channels are confirmed, servers are asked until they
/// have answered: a server confirms channels already while it still reads its data, and refuses everything else until
/// that is done. Then subscribers look for themselves.
struct SignalGap: Sendable {
    /// The calls of one try, and how long each of them may take.
    struct Try: Equatable {
        /// The definitions of each call.
        let parts: [[TaskName]]
        let time: Duration
    }

    /// What follows from a try.
    struct Verdict: Equatable {
        /// Whether subscribers are told to look for themselves.
        var tellsSubscribers = false
        /// Whether somebody is told why it failed.
        var warns = false
        /// When the next try begins; nil if none does.
        var nextTry: Duration?
    }

    /// Whether each definition has a server of its own, as in a cluster.
    let isDivided: Bool
    /// Whether all wanted channels have been confirmed since the connection began.
    private(set) var isInForce = false
    /// Since when subscribers may be missing something; nil if they are not.
    private(set) var began: ContinuousClock.Instant?
    private var isClosing = false
    private var hasNews = false
    /// The calls that have not been answered yet.
    private var rest: [[TaskName]] = []
    private var failures = 0

    /// No gap yet, because nobody listens.
    init(isDivided: Bool) {
        self.isDivided = isDivided
    }

    /// The connection begins, or is lost.
    mutating func open(at now: ContinuousClock.Instant) {
        isInForce = false
        began = began ?? now
    }

    /// Channels were confirmed.
    ///
    /// - Parameter all: whether these are all that are wanted. In a cluster some servers may be there before others.
    /// - Returns: whether tries have to begin; otherwise they go on.
    mutating func confirm(all: Bool) -> Bool {
        if all { isInForce = true }
        hasNews = true
        defer { isClosing = true }
        return !isClosing
    }

    /// Begins a try.
    ///
    /// What takes too long costs the connection, which commands use too, so calls get more time from try to try: a
    /// server that is slow, and not dead, is left alone. In a cluster a server that is dead for long must not hold up
    /// the news of another one by much.
    ///
    /// - Parameter definitions: those that are listened to.
    mutating func beginTry(for definitions: some Collection<TaskName>) -> Try {
        if hasNews {
            rest = isDivided ? definitions.map { [$0] } : [[]]
            failures = 0
            hasNews = false
        }
        return Try(parts: rest, time: .seconds(1) * (1 << min(failures, isDivided ? 1 : 3)))
    }

    /// Ends a try.
    ///
    /// - Parameters:
    ///   - unanswered: the calls without an answer.
    ///   - problem: why one of them has none; nil if all have one.
    ///   - jitter: random, 0 to 1.
    mutating func endTry(unanswered: [[TaskName]], problem: BellowsError?, jitter: Double) -> Verdict {
        guard let problem else {
            isClosing = hasNews
            if !isClosing, isInForce { began = nil }
            return Verdict(tellsSubscribers: true, nextTry: isClosing ? .zero : nil)
        }
        var verdict = Verdict(tellsSubscribers: unanswered.count < rest.count)
        guard problem.code != .closed else { return verdict }
        rest = unanswered
        verdict.warns = failures == 0
        verdict.nextTry = (problem.isRetryable ? .milliseconds(100) : .seconds(1)) * (1 + jitter)
        failures += 1
        return verdict
    }
}
