extension TaskTable {
    /// Looks for results. Asking for one that is not there yet makes it wanted.
    mutating func result(of queries: [ResultQuery], at now: Instant) -> [ResultLookup] {
        removeExpired(at: now)
        return queries.map { result(of: $0) }
    }

    private mutating func result(of query: ResultQuery) -> ResultLookup {
        func isAsked(_ run: RunID) -> Bool { query.run.map { $0 == run } ?? true }
        if let result = results[query.id] { return isAsked(result.run) ? result.lookup : .unknown }
        if let entry = entries[query.id] {
            guard isAsked(entry.run) else { return .unknown }
            want(query.id, for: PublishOptions.defaultRetention)
            return .pending
        }
        if let letter = dead[query.id] { return isAsked(letter.run) ? .dead(reason: letter.reason) : .unknown }
        return tombstones[query.id] != nil ? .expired : .unknown
    }
}
