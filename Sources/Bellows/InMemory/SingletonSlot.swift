/// The singleton of one name as a plain value: at most one owner, no limit of attempts, never a dead letter.
struct SingletonSlot: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// How long after a run that set no next one the singleton is due again.
    static let pause = Duration.seconds(1)
    /// The wait after a failure that asks for a dead letter: the longest of the default backoff.
    static let longestPause = Duration.seconds(300)

    /// How often it was claimed since its last run that ended well.
    private(set) var attempt = 0
    /// When it is due; nil until it was first claimed, when it is due at once.
    private(set) var due: Instant?
    /// Who owns it.
    private(set) var lease: (token: LeaseToken, end: Instant)?
    /// What the last failed run reported.
    private(set) var error: String?

    /// When something changes by itself: the lease ends, or the next run is due; nil if it is due now or was never
    /// claimed.
    func nextInstant(at now: Instant) -> Instant? {
        [lease?.end, lease == nil ? due : nil].compactMap(\.self).filter { $0 > now }.min()
    }

    /// Takes the singleton if it is free and due.
    ///
    /// - Returns: what keeps it from being taken; nil if it was taken.
    mutating func claim(
        for duration: Duration,
        at now: Instant,
        makeToken: (Int) -> LeaseToken
    ) -> ClaimOutcome? {
        if let lease, lease.end > now { return .leased(for: lease.end - now) }
        if lease == nil, let due, due > now { return .unavailable(.after(due - now)) }
        attempt += 1
        lease = (makeToken(attempt), now + duration)
        return nil
    }

    /// Extends the lease.
    mutating func renew(_ wanted: Lease, at now: Instant) -> LeaseOutcome {
        guard holds(wanted) else { return .leaseLost }
        lease = (wanted.token, now + wanted.duration)
        return .done
    }

    /// Ends a run well; the count of attempts starts afresh.
    mutating func finish(_ wanted: Lease, next delay: Duration?, at now: Instant) -> LeaseOutcome {
        guard holds(wanted) else { return .leaseLost }
        end(attempt: 0, due: now + (delay ?? Self.pause), error: nil)
        return .done
    }

    /// Ends a failed run; attempts keep counting, so that the backoff grows.
    mutating func fail(_ wanted: Lease, next delay: Duration?, error: String, at now: Instant) -> LeaseOutcome {
        guard holds(wanted) else { return .leaseLost }
        end(attempt: attempt, due: now + (delay ?? Self.longestPause), error: error)
        return .done
    }

    /// Gives the singleton back as if it had not been claimed; it is due after a delay.
    mutating func release(_ wanted: Lease, after delay: Duration, at now: Instant) -> LeaseOutcome {
        guard holds(wanted) else { return .leaseLost }
        end(attempt: max(0, attempt - 1), due: now + delay, error: error)
        return .done
    }

    private func holds(_ wanted: Lease) -> Bool { lease?.token == wanted.token }

    private mutating func end(attempt: Int, due: Instant, error: String?) {
        self.attempt = attempt
        self.due = due
        self.error = error
        lease = nil
    }
}
