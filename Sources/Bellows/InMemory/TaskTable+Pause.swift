extension TaskTable {
    /// That the definition is closed.
    struct Door: Sendable {
        /// Who has closed it, and why.
        var note: String
        /// When it opens by itself.
        var end: Instant?
    }

    /// Closes the definition, and answers how many tasks go on.
    mutating func pause(for duration: Duration?, note: String, at now: Instant) -> TaskTableAnswer<Int> {
        removeExpired(at: now)
        door = Door(note: note, end: duration.map { now + $0 })
        // Who waits learns when it opens.
        return TaskTableAnswer(value: leases.count, signals: duration.map { [.due(name, in: $0)] } ?? [])
    }

    /// Opens the definition, and answers whether it was closed.
    mutating func resume(at now: Instant) -> TaskTableAnswer<Bool> {
        openInTime(at: now)
        guard door != nil else { return TaskTableAnswer(value: false) }
        door = nil
        return TaskTableAnswer(value: true, signals: [.available(name)])
    }

    /// Opens the definition if its time is up.
    mutating func openInTime(at now: Instant) {
        if let end = door?.end, end <= now { door = nil }
    }

    /// What a claim of a closed definition is told; nil if it is open.
    mutating func refusal(at now: Instant) -> ClaimOutcome? {
        openInTime(at: now)
        guard let door else { return nil }
        return .unavailable(door.end.map { .after($0 - now) } ?? .onSignal)
    }
}
