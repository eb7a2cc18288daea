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
        let date = dates()
        return step(name) { table, now, _ in
            table.removeExpired(at: now)
            table.openInTime(at: now)
            var statistics = table.statistics
            statistics.pause = table.door.map { DefinitionPause(note: $0.note, end: $0.end.map(date)) }
            return TaskTableAnswer(value: statistics)
        }
    }

    /// Tells where tasks stand.
    public func inspect(
        _ ids: [TaskID],
        in name: TaskName,
        withPayload: Bool
    ) async throws(BellowsError) -> [TaskInspection?] {
        do throws(BellowsError) {
            try VerbLimits.check(ids.count, atMost: VerbLimits.inspectedTasks)
            let date = dates()
            return step(name) { table, now, _ in
                table.removeExpired(at: now)
                let tasks = ids.map { id in
                    var task = table.inspect(id, at: now, date: date)
                    if !withPayload {
                        task?.payload = nil
                    } else if let entry = table.entries[id] {
                        task?.record = entry.record
                        task?.digest = TaskTable.digest(of: entry)
                    }
                    return task
                }
                return TaskTableAnswer(value: tasks)
            }
        } catch {
            throw error.during(.inspect)
        }
    }

    /// Lists the tasks of one state.
    public func tasks(
        _ state: TaskState,
        of name: TaskName,
        after cursor: PageCursor?,
        limit: Int
    ) async throws(BellowsError) -> TaskPage {
        do throws(BellowsError) {
            let list = try PageCursor.List(of: state)
            try VerbLimits.checkPage(limit)
            try cursor?.check([list], of: name)
            let (date, origin) = (dates(), origin)
            return step(name) { table, now, _ in
                table.removeExpired(at: now)
                let page = table.page(list, after: cursor, limit: limit, origin: origin, date: date)
                return TaskTableAnswer(value: page)
            }
        } catch {
            throw error.during(.inspect)
        }
    }

    /// Looks for tasks whose record holds some bytes.
    public func search(
        _ bytes: [UInt8],
        of name: TaskName,
        after cursor: PageCursor?
    ) async throws(BellowsError) -> SearchPage {
        do throws(BellowsError) {
            try VerbLimits.checkSearch(bytes)
            try cursor?.check([.records, .deadRecords], of: name)
            let date = dates()
            return step(name) { table, now, _ in
                table.removeExpired(at: now)
                return TaskTableAnswer(value: table.search(bytes, after: cursor, date: date))
            }
        } catch {
            throw error.during(.inspect)
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

    /// What turns an instant of the monotonic clock into a date of the wall clock.
    private func dates() -> (ContinuousClock.Instant) -> Date {
        let (now, date) = (timeSource.now, timeSource.date)
        return { date.addingTimeInterval(($0 - now).inSeconds) }
    }
}
