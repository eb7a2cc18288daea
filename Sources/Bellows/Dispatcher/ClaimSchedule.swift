/// When one definition wants to claim. Signals that arrive while a claim is under way are kept: the claim may have
/// been carried out before what they announce.
struct ClaimSchedule {
    /// Claims that may be under way at once while tasks are known to wait.
    static let maximumClaims = 12

    private var underWay = 0
    /// Whether the last answer said that more is waiting.
    private var isHot = false
    private var isWanted = false
    private(set) var dueAt: ContinuousClock.Instant?
    private var failures = 0

    /// Whether a claim is under way.
    var isClaiming: Bool { underWay > 0 }
    /// Whether a claim should be sent.
    var wantsClaim: Bool { isWanted && !isClaiming }
    /// Whether another claim may go along with a report: where answers take long, one at a time would leave slots empty.
    var mayClaimMore: Bool { isHot && isClaiming && underWay < Self.maximumClaims }

    /// Something may be due now.
    mutating func want() {
        isWanted = true
    }

    /// Something becomes due at an instant.
    mutating func want(at instant: ContinuousClock.Instant) {
        dueAt = min(instant, dueAt ?? instant)
    }

    /// The time is `now`.
    mutating func timePassed(_ now: ContinuousClock.Instant) {
        guard let due = dueAt, due <= now else { return }
        dueAt = nil
        isWanted = true
    }

    /// A claim is being sent.
    mutating func claimSent() {
        underWay += 1
        isWanted = false
        // The answer names the next time anew; what is announced from now on is kept beside it.
        dueAt = nil
    }

    /// The claim was answered.
    mutating func claimAnswered(_ next: ClaimOutcome.NextClaim, _ now: ContinuousClock.Instant) {
        underWay -= 1
        failures = 0
        isHot = next == .now
        switch next {
        case .now: want()
        case .after(let delay): want(at: now + delay)
        case .onSignal: break
        }
    }

    /// The claim failed: try again soon, then less often.
    mutating func claimFailed(_ now: ContinuousClock.Instant, jitter: Double) {
        underWay -= 1
        isHot = false
        let bound = Duration.milliseconds(50) * (1 << min(failures, 5))
        failures += 1
        want(at: now + min(bound, .seconds(1)) * (0.5 + jitter / 2))
    }
}
