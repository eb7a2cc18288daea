extension TaskTable {
    /// How long the reason of a cancelled task is kept at least.
    private static let reasonRetention = Duration.seconds(60)

    /// Cancels tasks: those that wait, or whose holder is gone, end; the holders of others are asked to stop.
    mutating func cancel(_ ids: [TaskID], reason: String, at now: Instant) -> TaskTableAnswer<[CancelOutcome]> {
        removeExpired(at: now)
        var answer = TaskTableAnswer<[CancelOutcome]>(value: [])
        for id in ids { answer.value.append(cancel(id, reason: reason, at: now, signals: &answer.signals)) }
        return answer
    }

    private mutating func cancel(
        _ id: TaskID,
        reason: String,
        at now: Instant,
        signals: inout [BackendSignal]
    ) -> CancelOutcome {
        guard let entry = entries[id] else { return whatBecame(of: id) }
        // What was asked of this attempt before stands.
        let reason = entry.stopReason ?? reason
        guard let end = leases[id], end > now, let token = entry.token else {
            signals.append(endCancelled(id, reason: reason, at: now))
            return .cancelled
        }
        want(id, for: Self.reasonRetention)
        entries[id]?.stopReason = reason
        stopping.insert(id)
        signals.append(.cancellation(CancellationNotice(name: name, id: id, token: token, reason: reason)))
        return .requested(isHolderTold: true)
    }

    private func whatBecame(of id: TaskID) -> CancelOutcome {
        if dead[id] != nil { return .dead }
        return switch results[id]?.lookup {
        case .cancelled: .cancelled
        case .dead: .dead
        case .some: .finished
        case nil: tombstones[id] != nil ? .finished : .unknown
        }
    }

    /// Ends what was to stop and has lost its holder, before a claim hands it out.
    mutating func endStopped(at now: Instant) -> [BackendSignal] {
        guard !stopping.isEmpty else { return [] }
        return stopping.compactMap { id in
            guard let end = leases[id], end <= now, let reason = entries[id]?.stopReason else { return nil }
            return endCancelled(id, reason: reason, at: now)
        }
    }

    /// Ends a task as cancelled.
    ///
    /// - Returns: the announcement of its end.
    mutating func endCancelled(_ id: TaskID, reason: String, at now: Instant) -> BackendSignal {
        if let entry = entries[id] {
            let result = StoredResult(run: entry.run, lookup: .cancelled(reason: reason))
            results.set(id, to: result, until: now + max(Self.reasonRetention, entry.want?.retention ?? .zero))
        }
        removeEntry(id)
        ready.remove(id)
        delayed.remove(id)
        leases.remove(id)
        cancelledTotal += 1
        return .resultReady(id, of: name)
    }

    /// Forgets what is noted of a task that is over; its places in the queues are the caller's affair.
    @discardableResult
    mutating func removeEntry(_ id: TaskID) -> TaskEntry? {
        stopping.remove(id)
        return entries.removeValue(forKey: id)
    }
}
