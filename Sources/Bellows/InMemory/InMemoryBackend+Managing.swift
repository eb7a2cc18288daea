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

    /// Moves tasks that wait to another time.
    public func reschedule(
        _ ids: [TaskID],
        in name: TaskName,
        to availability: Availability
    ) async throws(BellowsError) -> [ChangeOutcome] {
        do throws(BellowsError) {
            try VerbLimits.checkChange(ids)
            let delay = Duration.milliseconds(try availability.milliseconds(from: timeSource.date))
            return step(name) { table, now, _ in table.reschedule(ids, after: delay, at: now) }
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
            return step(name) { table, now, _ in
                TaskTableAnswer(value: table.update(id, to: record, from: digest, at: now))
            }
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
