extension TaskTable {
    /// Moves tasks that wait to another time.
    mutating func reschedule(
        _ ids: [TaskID],
        after delay: Duration,
        at now: Instant
    ) -> TaskTableAnswer<[ChangeOutcome]> {
        removeExpired(at: now)
        let outcomes = ids.map { id -> ChangeOutcome in
            guard entries[id] != nil else { return .unknown }
            guard leases[id] == nil else { return .leased }
            ready.remove(id)
            delayed.set(id, to: now + delay)
            return .done
        }
        return TaskTableAnswer(value: outcomes, signals: outcomes.contains(.done) ? [wake(after: delay)] : [])
    }

    /// Replaces the record of a task that waits, if it is still the one that was read.
    mutating func update(
        _ id: TaskID,
        to record: TaskRecord,
        from digest: RecordDigest,
        at now: Instant
    ) -> ChangeOutcome {
        removeExpired(at: now)
        guard let entry = entries[id] else { return .unknown }
        guard leases[id] == nil else { return .leased }
        guard Self.digest(of: entry) == digest else { return .changed }
        entries[id]?.record = record
        entries[id]?.unreadable = nil
        return .done
    }

    /// What tells one record from another: its bytes, written out.
    static func digest(of entry: TaskEntry) -> RecordDigest {
        RecordDigest(RecordCoder.encode(entry.record).map { String($0, radix: 16) }.joined(separator: " "))
    }
}
