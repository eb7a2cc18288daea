public import Bellows

extension RedisBackend: BackendManaging {
    /// Cancels tasks.
    public func cancel(
        _ ids: [TaskID],
        in name: TaskName,
        reason: String
    ) async throws(BellowsError) -> [CancelOutcome] {
        do throws(BellowsError) {
            try VerbLimits.checkCancellation(ids, reason: reason)
            guard !ids.isEmpty else { return [] }
            return try await operations.cancel(ids, in: name, reason: reason)
        } catch {
            throw error.during(.manage)
        }
    }

    /// Moves tasks that wait to another time.
    public func reschedule(
        _ ids: [TaskID],
        in name: TaskName,
        to availability: Availability
    ) async throws(BellowsError) -> [ChangeOutcome] {
        do throws(BellowsError) {
            try VerbLimits.checkChange(ids)
            let delay = try availability.milliseconds(from: timeSource.date)
            guard !ids.isEmpty else { return [] }
            return try await operations.reschedule(ids, in: name, delay: delay)
        } catch {
            throw error.during(.manage)
        }
    }

    /// Replaces the record of a task that waits.
    public func update(
        _ id: TaskID,
        in name: TaskName,
        to record: TaskRecord,
        from digest: RecordDigest
    ) async throws(BellowsError) -> ChangeOutcome {
        do throws(BellowsError) {
            try VerbLimits.checkChange([id])
            try record.validate(limits)
            return try await operations.update(id, in: name, to: record, from: digest)
        } catch {
            throw error.during(.manage)
        }
    }

    /// Puts dead letters back to be tried again.
    public func retryDeadLetters(_ ids: [TaskID], of name: TaskName) async throws(BellowsError) -> [Bool] {
        do throws(BellowsError) {
            try VerbLimits.check(ids.count, atMost: VerbLimits.changedTasks)
            return try await operations.changeDeadLetters(ids, by: .deadRetry, in: name)
        } catch {
            throw error.during(.manage)
        }
    }

    /// Deletes dead letters for good.
    public func deleteDeadLetters(_ ids: [TaskID], of name: TaskName) async throws(BellowsError) -> [Bool] {
        do throws(BellowsError) {
            try VerbLimits.check(ids.count, atMost: VerbLimits.changedTasks)
            return try await operations.changeDeadLetters(ids, by: .deadDelete, in: name)
        } catch {
            throw error.during(.manage)
        }
    }
}
