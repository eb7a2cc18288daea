extension InMemoryBackend: BackendManaging {
    /// Cancels tasks.
    public func cancel(
        _ ids: [TaskID],
        in name: TaskName,
        reason: String
    ) async throws(BellowsError) -> [CancelOutcome] {
        do throws(BellowsError) {
            try VerbLimits.checkCancellation(ids, reason: reason)
            return step(name) { table, now, _ in table.cancel(ids, reason: reason, at: now) }
        } catch {
            throw error.during(.manage)
        }
    }

    /// Puts dead letters back to be tried again.
    public func retryDeadLetters(_ ids: [TaskID], of name: TaskName) async throws(BellowsError) -> [Bool] {
        do throws(BellowsError) {
            try VerbLimits.check(ids.count, atMost: VerbLimits.changedTasks)
            return step(name) { table, now, _ in table.retryDeadLetters(ids, at: now) }
        } catch {
            throw error.during(.manage)
        }
    }

    /// Deletes dead letters.
    public func deleteDeadLetters(_ ids: [TaskID], of name: TaskName) async throws(BellowsError) -> [Bool] {
        do throws(BellowsError) {
            try VerbLimits.check(ids.count, atMost: VerbLimits.changedTasks)
            return step(name) { table, now, _ in TaskTableAnswer(value: table.deleteDeadLetters(ids, at: now)) }
        } catch {
            throw error.during(.manage)
        }
    }
}
