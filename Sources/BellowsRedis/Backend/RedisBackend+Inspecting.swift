public import Bellows

extension RedisBackend {
    /// Finds the definitions that have any data, by walking through all keys under the prefix.
    public func definitionNames() async throws(BellowsError) -> [TaskName] {
        do throws(BellowsError) {
            var names: Set<TaskName> = []
            for try await page in RedisKeyScan(runner: operations.runner, pattern: operations.keys.pattern) {
                names.formUnion(page.compactMap { operations.keys.name(ofKey: $0, ignoringMarkers: true) })
            }
            return names.sorted()
        } catch {
            throw error.during(.inspect)
        }
    }

    /// Counts the tasks of a definition.
    public func statistics(of name: TaskName) async throws(BellowsError) -> TaskStatistics {
        do throws(BellowsError) {
            return try await operations.statistics(of: name)
        } catch {
            throw error.during(.inspect)
        }
    }

    /// Tells where tasks stand. Large payloads take several calls.
    public func inspect(
        _ ids: [TaskID],
        in name: TaskName,
        withPayload: Bool
    ) async throws(BellowsError) -> [TaskInspection?] {
        do throws(BellowsError) {
            try VerbLimits.check(ids.count, atMost: VerbLimits.inspectedTasks)
            // Lengths and the other parts of a record stand beside the headers' text.
            let most = withPayload ? nil : 4 * limits.headers + 1024
            return try await operations.inspect(ids, in: name, mostBytes: most)
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
            return try await operations.tasks(list, of: name, after: cursor, limit: limit)
        } catch {
            throw error.during(.inspect)
        }
    }

    /// Looks for tasks whose stored record holds some bytes, about 1,000 records a step.
    public func search(
        _ bytes: [UInt8],
        of name: TaskName,
        after cursor: PageCursor?
    ) async throws(BellowsError) -> SearchPage {
        do throws(BellowsError) {
            try VerbLimits.checkSearch(bytes)
            try cursor?.check([.records, .deadRecords], of: name)
            return try await operations.search(bytes, of: name, after: cursor)
        } catch {
            throw error.during(.inspect)
        }
    }

    /// Makes the next run of a singleton due within a time, unless it is sooner, or waits because a run has failed.
    ///
    /// - Returns: in how long it is due; nil if it runs, has never run, or waits because it has failed.
    package func hastenSingleton(_ name: TaskName, within time: Duration) async throws -> Duration? {
        try await operations.hastenSingleton(name, within: time)
    }

    /// Lists dead letters, the latest first.
    public func deadLetters(of name: TaskName, offset: Int, limit: Int) async throws(BellowsError) -> [DeadLetter] {
        do throws(BellowsError) {
            try VerbLimits.check(limit, atMost: VerbLimits.listedDeadLetters)
            guard limit > 0 else { return [] }
            return try await operations.deadLetters(of: name, offset: max(0, offset), limit: limit)
        } catch {
            throw error.during(.inspect)
        }
    }
}
