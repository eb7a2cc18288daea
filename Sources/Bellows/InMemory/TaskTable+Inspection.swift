#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension TaskTable {
    /// Whether the store would have any data of the definition.
    var hasData: Bool {
        !entries.isEmpty || !dead.isEmpty || singleton != nil || finishedTotal > 0 || failedAttemptsTotal > 0
            || cancelledTotal > 0
    }

    /// How many tasks are in each state.
    var statistics: TaskStatistics {
        TaskStatistics(
            ready: ready.count,
            delayed: delayed.count,
            leased: leases.count,
            dead: dead.count,
            finishedTotal: finishedTotal,
            failedAttemptsTotal: failedAttemptsTotal,
            trimmedTotal: trimmedTotal,
            cancelledTotal: cancelledTotal
        )
    }

    /// Where a task stands.
    ///
    /// - Parameters:
    ///   - id: the task.
    ///   - now: the store's clock.
    ///   - date: turns an instant of that clock into a date.
    func inspect(_ id: TaskID, at now: Instant, date: (Instant) -> Date) -> TaskInspection? {
        if id == .singleton { return inspectSingleton(at: now, date: date) }
        let resultSize: Int? = if case .finished(let bytes)? = results[id]?.lookup { bytes.count } else { nil }
        if let entry = entries[id] {
            let state: TaskState =
                if leases[id] != nil {
                    .leased
                } else if let due = delayed[id], due > now {
                    .delayed
                } else {
                    .ready
                }
            return TaskInspection(
                id: id,
                state: state,
                attempt: entry.attempt,
                due: delayed[id].map(date),
                leaseEnd: leases[id].map(date),
                holder: entry.token.flatMap(Self.holder),
                cancellationReason: entry.stopReason,
                lastError: entry.error,
                headers: entry.record.headers,
                payloadSize: entry.record.payload.count,
                payload: entry.record.payload,
                resultSize: resultSize
            )
        }
        if let letter = dead[id] {
            return TaskInspection(
                id: id,
                state: .dead,
                attempt: letter.attempt,
                died: deaths[id].map(date),
                lastError: letter.reason,
                headers: letter.record.headers,
                payloadSize: letter.record.payload.count,
                payload: letter.record.payload
            )
        }
        switch results[id]?.lookup {
        case .dead(let reason): return TaskInspection(id: id, state: .dead, attempt: 0, lastError: reason)
        case .cancelled(let reason):
            return TaskInspection(id: id, state: .cancelled, attempt: 0, cancellationReason: reason)
        case .some: return TaskInspection(id: id, state: .finished, attempt: 0, resultSize: resultSize)
        case nil: return tombstones[id].map { TaskInspection(id: id, state: .finished, attempt: 0) }
        }
    }

    private func inspectSingleton(at now: Instant, date: (Instant) -> Date) -> TaskInspection? {
        guard let singleton else { return nil }
        let isDelayed = singleton.due.map { $0 > now } ?? false
        return TaskInspection(
            id: .singleton,
            state: singleton.lease != nil ? .leased : isDelayed ? .delayed : .ready,
            attempt: singleton.attempt,
            due: singleton.lease == nil ? singleton.due.map(date) : nil,
            leaseEnd: (singleton.lease?.end).map(date),
            holder: (singleton.lease?.token).flatMap(Self.holder),
            lastError: singleton.error
        )
    }

    /// Lists dead letters, the latest first.
    func deadLetters(offset: Int, limit: Int, date: (Instant) -> Date) -> [DeadLetter] {
        deaths.ascending().reversed().dropFirst(max(0, offset)).prefix(max(0, limit)).compactMap { death, id in
            dead[id].map { DeadLetter(id: id, attempt: $0.attempt, date: date(death), reason: $0.reason) }
        }
    }

    /// Puts dead letters back. Their stored results said "dead", which no longer holds.
    mutating func retryDeadLetters(_ ids: [TaskID], at now: Instant) -> TaskTableAnswer<[Bool]> {
        removeExpired(at: now)
        let answers = ids.map { id in
            // An id that lives again must not be handed out twice.
            guard entries[id] == nil, let letter = removeDead(id) else { return false }
            var entry = TaskEntry(record: letter.record, run: letter.run)
            entry.unreadable = letter.unreadable
            entries[id] = entry
            results.remove(id)
            delayed.set(id, to: now)
            return true
        }
        return TaskTableAnswer(value: answers, signals: answers.contains(true) ? [.available(name)] : [])
    }

    /// Deletes dead letters.
    mutating func deleteDeadLetters(_ ids: [TaskID], at now: Instant) -> [Bool] {
        removeExpired(at: now)
        return ids.map { removeDead($0) != nil }
    }
}
