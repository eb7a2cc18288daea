extension TaskTable {
    /// Takes due tasks.
    mutating func claim(
        _ request: ClaimRequest,
        at now: Instant,
        nonce: String
    ) -> TaskTableAnswer<ClaimOutcome> {
        removeExpired(at: now)
        lastFence += 1
        let signals = endStopped(at: now)
        return TaskTableAnswer(value: outcome(of: request, at: now, nonce: nonce), signals: signals)
    }

    private mutating func outcome(of request: ClaimRequest, at now: Instant, nonce: String) -> ClaimOutcome {
        switch request.selection {
        case .earliest(let count):
            return refusal(at: now) ?? claimEarliest(count, lease: request.lease, at: now, nonce: nonce)
        case .id(let id): return claim(id, lease: request.lease, at: now, nonce: nonce)
        case .singleton:
            return refusal(at: now) ?? claimSingleton(lease: request.lease, at: now, nonce: nonce)
        }
    }

    private mutating func claimEarliest(
        _ count: Int,
        lease: Duration,
        at now: Instant,
        nonce: String
    ) -> ClaimOutcome {
        var claimed: [ClaimedTask] = []
        var bytes = 0
        while claimed.count < count, let (id, alternates) = candidate(at: now) {
            let size = entries[id]?.record.payload.count ?? 0
            if !claimed.isEmpty, bytes + size > Self.claimBudget {
                return .claimed(claimed, next: .now)
            }
            bytes += size
            if alternates { isTurnOfDelayed.toggle() }
            if let task = take(id, lease: lease, at: now, nonce: nonce) { claimed.append(task) }
        }
        if claimed.count == count { return .claimed(claimed, next: .now) }
        let next = nextInstant().map { ClaimOutcome.NextClaim.after(max(.zero, $0 - now)) } ?? .onSignal
        return claimed.isEmpty ? .unavailable(next) : .claimed(claimed, next: next)
    }

    /// The task to hand out next, and whether both immediate and other due tasks wait.
    private mutating func candidate(at now: Instant) -> (id: TaskID, alternates: Bool)? {
        let due = dueCandidate(at: now)
        guard let immediate = ready.first()?.id else { return due.map { ($0, false) } }
        guard let due else { return (immediate, false) }
        return (isTurnOfDelayed ? due : immediate, true)
    }

    /// The delayed task or expired lease with the earliest time, if that has come.
    private mutating func dueCandidate(at now: Instant) -> TaskID? {
        let candidates = [delayed.first(), leases.first()].compactMap(\.self).filter { $0.key <= now }
        return candidates.min { ($0.key, $0.id) < ($1.key, $1.id) }?.id
    }

    private mutating func claim(_ id: TaskID, lease: Duration, at now: Instant, nonce: String) -> ClaimOutcome {
        if let end = leases[id], end > now { return .leased(for: end - now) }
        if let due = delayed[id], due > now { return .unavailable(.after(due - now)) }
        if entries[id] != nil, let refusal = refusal(at: now) { return refusal }
        guard let task = take(id, lease: lease, at: now, nonce: nonce) else { return .notFound }
        return .claimed([task], next: .after(lease))
    }

    /// Leases a task, whatever queue it is in, and counts the attempt.
    private mutating func take(_ id: TaskID, lease: Duration, at now: Instant, nonce: String) -> ClaimedTask? {
        guard var entry = entries[id] else { return nil }
        entry.attempt += 1
        let token = LeaseToken("\(entry.attempt):\(nonce)")
        entry.token = token
        entries[id] = entry
        ready.remove(id)
        delayed.remove(id)
        leases.set(id, to: now + lease)
        let lease = Lease(name: name, kind: .published, id: id, token: token, duration: lease)
        if let error = entry.unreadable {
            return ClaimedTask(lease: lease, attempt: entry.attempt, fence: lastFence, unreadable: error)
        }
        return ClaimedTask(lease: lease, attempt: entry.attempt, fence: lastFence, record: entry.record)
    }

    private mutating func claimSingleton(lease: Duration, at now: Instant, nonce: String) -> ClaimOutcome {
        var slot = singleton ?? SingletonSlot()
        let refusal = slot.claim(for: lease, at: now) { attempt in LeaseToken("\(attempt):\(nonce)") }
        singleton = slot
        if let refusal { return refusal }
        guard let token = slot.lease?.token else { return .notFound }
        let task = ClaimedTask(
            lease: Lease(name: name, kind: .singleton, id: .singleton, token: token, duration: lease),
            attempt: slot.attempt,
            fence: lastFence,
            record: TaskRecord(payload: [])
        )
        return .claimed([task], next: .after(lease))
    }
}
