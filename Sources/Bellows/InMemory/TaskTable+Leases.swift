extension TaskTable {
    /// Extends leases. One that has ended is extended too, if nobody has taken the task over.
    mutating func renew(_ wanted: [Lease], at now: Instant) -> [LeaseOutcome] {
        removeExpired(at: now)
        return wanted.map { lease in
            if lease.kind == .singleton { return singleton?.renew(lease, at: now) ?? .leaseLost }
            guard holds(lease) else { return .leaseLost }
            leases.set(lease.id, to: now + lease.duration)
            return entries[lease.id]?.stopReason.map { .cancellationRequested(reason: $0) } ?? .done
        }
    }

    /// Ends attempts well.
    ///
    /// - Parameters:
    ///   - requests: what ended.
    ///   - delays: for each request the milliseconds to its next run; nil for none.
    ///   - now: the store's clock.
    mutating func finish(
        _ requests: [FinishRequest],
        delays: [Int64?],
        at now: Instant
    ) -> TaskTableAnswer<[LeaseOutcome]> {
        removeExpired(at: now)
        var answer = TaskTableAnswer<[LeaseOutcome]>(value: [])
        var least: Duration?
        for (request, milliseconds) in zip(requests, delays) {
            var delay = milliseconds.map { Duration.milliseconds($0) }
            let outcome: LeaseOutcome
            if request.lease.kind == .singleton {
                outcome = singleton?.finish(request.lease, next: delay, at: now) ?? .leaseLost
                delay = delay ?? SingletonSlot.pause
            } else {
                outcome = finish(request, delay: delay, at: now, signals: &answer.signals)
            }
            answer.value.append(outcome)
            guard outcome == .done else { continue }
            finishedTotal += 1
            if let delay { least = min(delay, least ?? delay) }
        }
        if let least { answer.signals.append(wake(after: least)) }
        return answer
    }

    private mutating func finish(
        _ request: FinishRequest,
        delay: Duration?,
        at now: Instant,
        signals: inout [BackendSignal]
    ) -> LeaseOutcome {
        let id = request.lease.id
        guard holds(request.lease), let entry = entries[id] else { return .leaseLost }
        let retention = max(entry.want?.retention ?? .zero, request.resultRetention ?? .zero)
        if retention > .zero {
            results.set(id, to: StoredResult(run: entry.run, lookup: .finished(request.result)), until: now + retention)
            signals.append(.resultReady(id, of: name))
        }
        leases.remove(id)
        // What was to stop ends here, and sets no next run.
        if let delay, entry.stopReason == nil {
            entries[id] = TaskEntry(record: entry.record, run: entry.run)
            delayed.set(id, to: now + delay)
        } else {
            removeEntry(id)
            let window = request.deduplicationWindow ?? .zero
            if window > .zero { tombstones.set(id, to: (), until: now + window) }
        }
        return .done
    }

    /// Ends failed attempts.
    ///
    /// - Parameters:
    ///   - requests: what ended.
    ///   - delays: for each request the milliseconds to its next try; nil for a dead letter.
    ///   - now: the store's clock.
    mutating func fail(
        _ requests: [FailRequest],
        delays: [Int64?],
        at now: Instant
    ) -> TaskTableAnswer<[LeaseOutcome]> {
        removeExpired(at: now)
        var answer = TaskTableAnswer<[LeaseOutcome]>(value: [])
        var least: Duration?
        for (request, milliseconds) in zip(requests, delays) {
            let error = limits.truncated(ErrorText.sanitize(request.error))
            var delay = milliseconds.map { Duration.milliseconds($0) }
            let outcome: LeaseOutcome
            if request.lease.kind == .singleton {
                outcome = singleton?.fail(request.lease, next: delay, error: error, at: now) ?? .leaseLost
                delay = delay ?? SingletonSlot.longestPause
            } else if let reason = stopReason(of: request.lease) {
                answer.signals.append(endCancelled(request.lease.id, reason: reason, at: now))
                answer.value.append(.done)
                continue
            } else if let delay {
                outcome = retry(request.lease, after: delay, error: error, at: now)
            } else {
                outcome = bury(request, reason: error, at: now, signals: &answer.signals)
            }
            answer.value.append(outcome)
            guard outcome == .done else { continue }
            failedAttemptsTotal += 1
            if let delay { least = min(delay, least ?? delay) }
        }
        if let least { answer.signals.append(wake(after: least)) }
        return answer
    }

    private mutating func retry(_ lease: Lease, after delay: Duration, error: String, at now: Instant) -> LeaseOutcome {
        guard holds(lease) else { return .leaseLost }
        entries[lease.id]?.token = nil
        entries[lease.id]?.error = error
        leases.remove(lease.id)
        delayed.set(lease.id, to: now + delay)
        return .done
    }

    private mutating func bury(
        _ request: FailRequest,
        reason: String,
        at now: Instant,
        signals: inout [BackendSignal]
    ) -> LeaseOutcome {
        let lease = request.lease
        guard holds(lease), let entry = removeEntry(lease.id) else { return .leaseLost }
        leases.remove(lease.id)
        if let want = entry.want {
            let result = StoredResult(run: entry.run, lookup: .dead(reason: reason))
            results.set(lease.id, to: result, until: now + want.retention)
            signals.append(.resultReady(lease.id, of: name))
        }
        dead[lease.id] = DeadEntry(
            record: entry.record,
            run: entry.run,
            attempt: entry.attempt - (request.countsAttempt ? 0 : 1),
            reason: reason,
            unreadable: entry.unreadable
        )
        deaths.set(lease.id, to: now)
        removeExpired(at: now)
        return .done
    }

    /// Gives tasks back unworked, to be handed out again after a delay.
    mutating func release(
        _ wanted: [Lease],
        after delay: Duration,
        at now: Instant
    ) -> TaskTableAnswer<[LeaseOutcome]> {
        removeExpired(at: now)
        var signals: [BackendSignal] = []
        let outcomes = wanted.map { lease -> LeaseOutcome in
            if let reason = stopReason(of: lease) {
                signals.append(endCancelled(lease.id, reason: reason, at: now))
                return .done
            }
            if lease.kind == .singleton { return singleton?.release(lease, after: delay, at: now) ?? .leaseLost }
            guard holds(lease), var entry = entries[lease.id] else { return .leaseLost }
            entry.token = nil
            entry.attempt -= 1
            entries[lease.id] = entry
            if lease.id.isOurs {
                // Never ready and never delayed: the end of its lease brings it back.
                leases.set(lease.id, to: now + delay)
            } else {
                leases.remove(lease.id)
                delayed.set(lease.id, to: now + delay)
            }
            return .done
        }
        if outcomes.contains(.done) { signals.append(wake(after: delay)) }
        return TaskTableAnswer(value: outcomes, signals: signals)
    }

    /// Why the attempt that runs under a lease is to stop; nil if it is not, or somebody else has the task.
    private func stopReason(of lease: Lease) -> String? {
        lease.kind == .published && holds(lease) ? entries[lease.id]?.stopReason : nil
    }

    private func holds(_ lease: Lease) -> Bool {
        entries[lease.id]?.token == lease.token
    }
}
