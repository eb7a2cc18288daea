#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension InMemoryBackend {
    /// The definitions that have any data.
    public func definitionNames() async throws(BellowsError) -> [TaskName] {
        read { tables in tables.values.filter(\.hasData).map(\.name).sorted() }
    }

    /// Counts the tasks of a definition.
    public func statistics(of name: TaskName) async throws(BellowsError) -> TaskStatistics {
        step(name) { table, now, _ in
            table.removeExpired(at: now)
            return TaskTableAnswer(value: table.statistics)
        }
    }

    /// Tells where one task stands.
    public func inspect(_ id: TaskID, in name: TaskName) async throws(BellowsError) -> TaskInspection? {
        let date = dates()
        return step(name) { table, now, _ in
            table.removeExpired(at: now)
            return TaskTableAnswer(value: table.inspect(id, at: now, date: date))
        }
    }

    /// Lists dead letters, the latest first.
    public func deadLetters(of name: TaskName, offset: Int, limit: Int) async throws(BellowsError) -> [DeadLetter] {
        do throws(BellowsError) {
            try VerbLimits.check(limit, atMost: VerbLimits.listedDeadLetters)
            let date = dates()
            return step(name) { table, now, _ in
                table.removeExpired(at: now)
                return TaskTableAnswer(value: table.deadLetters(offset: offset, limit: limit, date: date))
            }
        } catch {
            throw error.during(.inspect)
        }
    }

    /// Puts dead letters back to be tried again.
    public func retryDeadLetters(_ ids: [TaskID], of name: TaskName) async throws(BellowsError) -> [Bool] {
        do throws(BellowsError) {
            try VerbLimits.check(ids.count, atMost: VerbLimits.changedDeadLetters)
            return step(name) { table, now, _ in table.retryDeadLetters(ids, at: now) }
        } catch {
            throw error.during(.inspect)
        }
    }

    /// Deletes dead letters.
    public func deleteDeadLetters(_ ids: [TaskID], of name: TaskName) async throws(BellowsError) -> [Bool] {
        do throws(BellowsError) {
            try VerbLimits.check(ids.count, atMost: VerbLimits.changedDeadLetters)
            return step(name) { table, now, _ in TaskTableAnswer(value: table.deleteDeadLetters(ids, at: now)) }
        } catch {
            throw error.during(.inspect)
        }
    }

    /// What turns an instant of the monotonic clock into a date of the wall clock.
    private func dates() -> (ContinuousClock.Instant) -> Date {
        let (now, date) = (timeSource.now, timeSource.date)
        return { date.addingTimeInterval(($0 - now).inSeconds) }
    }
}
