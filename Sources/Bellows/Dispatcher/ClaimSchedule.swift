/// When one definition wants to claim. Signals that arrive while a claim is under way are kept: the claim may have
/// been carried out before what they announce.
struct ClaimSchedule {
    /// Claims that may be under way at once while tasks are known to wait.
    static let maximumClaims = 12

    private var underWay = 0
    /// Whether the last answer said that more is waiting.
    private var isHot = false
    private var isWanted = false
    /// Whether there is a sign that something is due in this very definition.
    private var isSigned = false
    /// Whether no other process knows that there may be something to claim.
    private var isChosen = false
    /// What the last answer said.
    private var answeredAt: MonotonicInstant?
    /// What a signal said; it stands beside what answers say, because it may ask for a second look.
    private var announcedAt: MonotonicInstant?
    private var failures = 0
    /// Until when nothing is claimed, so that others get what was given back.
    private var pausedUntil: MonotonicInstant?
    /// Since when claims have been sent without one that was answered; nil if none is.
    private(set) var unansweredSince: MonotonicInstant?
    /// Whether any claim was ever answered.
    private(set) var hasBeenAnswered = false

    /// Times that are closer together are one.
    private static let resolution = Duration.milliseconds(50)

    /// Whether a claim is under way.
    var isClaiming: Bool { underWay > 0 }
    /// Whether a claim should be sent.
    var wantsClaim: Bool { isWanted && !isClaiming && pausedUntil == nil }
    /// Whether a claim should be sent because of a sign, rather than to see for ourselves.
    var isUrgent: Bool { isSigned && wantsClaim }
    /// Whether another claim may go along with a report: where answers take long, one at a time would leave slots
    /// empty.
    var mayClaimMore: Bool { isHot && isClaiming && underWay < Self.maximumClaims && pausedUntil == nil }

    /// Whether another process should be told, because a claim is wanted of us alone, and cannot be made now.
    var mustPassOn: Bool { isChosen && !isClaiming }
    /// When a claim will be wanted.
    var dueAt: MonotonicInstant? {
        [answeredAt, announcedAt, pausedUntil].lazy.compactMap(\.self).min()
    }

    /// Something may be due now: more of the same, or nobody knows.
    mutating func want() {
        isWanted = true
    }

    /// Something is due now, as a signal or the clock says.
    ///
    /// - Parameter isChosen: whether no other process knows.
    mutating func wantSigned(isChosen: Bool = false) {
        isWanted = true
        isSigned = true
        self.isChosen = self.isChosen || isChosen
    }

    /// Something becomes due at an instant, says a signal.
    mutating func want(at instant: MonotonicInstant) {
        announcedAt = min(instant, announcedAt ?? instant)
    }

    /// Nothing is claimed for a while.
    mutating func pause(until instant: MonotonicInstant) {
        pausedUntil = max(instant, pausedUntil ?? instant)
        want()
    }

    /// The time is `now`.
    mutating func timePassed(_ now: MonotonicInstant) {
        if let paused = pausedUntil, paused <= now { pausedUntil = nil }
        guard [answeredAt, announcedAt].contains(where: { $0.map { $0 <= now } ?? false }) else { return }
        if let answered = answeredAt, answered <= now { answeredAt = nil }
        if let announced = announcedAt, announced <= now + Self.resolution { announcedAt = nil }
        wantSigned(isChosen: true)
    }

    /// A claim is being sent.
    mutating func claimSent(_ now: MonotonicInstant) {
        underWay += 1
        unansweredSince = unansweredSince ?? now
        isWanted = false
        isSigned = false
        isChosen = false
        // The answer names the next time again.
        answeredAt = nil
    }

    /// Another process knows. We still claim as soon as we can, because nobody else may wait.
    mutating func passedOn() {
        isChosen = false
    }

    /// The claim was answered.
    mutating func claimAnswered(_ next: ClaimOutcome.NextClaim, _ now: MonotonicInstant) {
        underWay -= 1
        failures = 0
        hasBeenAnswered = true
        unansweredSince = underWay > 0 ? now : nil
        isHot = next == .now
        switch next {
        case .now: want()
        case .after(let delay):
            let instant = now + delay
            answeredAt = min(instant, answeredAt ?? instant)
            if let announced = announcedAt, instant <= announced, announced <= instant + Self.resolution {
                announcedAt = nil
            }
        case .onSignal: break
        }
    }

    /// The claim failed: try again soon, then less often, and not before the pause is over.
    mutating func claimFailed(_ now: MonotonicInstant, pause: Duration = .zero, jitter: Double) {
        underWay -= 1
        isHot = false
        let bound = Duration.milliseconds(50) * (1 << min(failures, 5))
        failures += 1
        let instant = now + pause + min(bound, .seconds(1)) * (0.5 + jitter / 2)
        answeredAt = min(instant, answeredAt ?? instant)
    }
}
