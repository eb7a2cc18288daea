public import Bellows

extension RedisBackend {
    /// Looks at every key of the prefix, and tells what contradicts the rules that all scripts keep: tasks that no
    /// worker will find, leases without a holder, keys that nobody owns.
    ///
    /// It changes nothing and may run while publishers and workers do. The time it takes grows with the number of
    /// tasks and results, and so does its memory, by the ids of the ready tasks of one definition. No script of it
    /// looks at more than about a hundred tasks.
    ///
    /// - Parameters:
    ///   - configuration: where Redis is.
    ///   - names: the definitions to look at; all if there is none.
    ///   - limit: how many violations are listed; all are counted.
    /// - Returns: what was found.
    /// - Throws: `BellowsError` if the server cannot be reached, or does not let us look.
    public static func audit(
        _ configuration: RedisConfiguration,
        only names: [TaskName] = [],
        limit: Int = 1000
    ) async throws(BellowsError) -> StoreAudit {
        let inspection = try await InspectionConnection.open(configuration)
        defer { inspection.close() }
        return try await StoreAuditor(runner: inspection.runner, keys: inspection.keys, limit: limit).audit(only: names)
    }
}
