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

    /// Tells where one task stands.
    public func inspect(_ id: TaskID, in name: TaskName) async throws(BellowsError) -> TaskInspection? {
        do throws(BellowsError) {
            return try await operations.inspect(id, in: name, headerLimit: limits.headers)
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

    /// Puts dead letters back to be tried again.
    public func retryDeadLetters(_ ids: [TaskID], of name: TaskName) async throws(BellowsError) -> [Bool] {
        do throws(BellowsError) {
            try VerbLimits.check(ids.count, atMost: VerbLimits.changedDeadLetters)
            return try await operations.changeDeadLetters(ids, by: .deadRetry, in: name)
        } catch {
            throw error.during(.inspect)
        }
    }

    /// Deletes dead letters for good.
    public func deleteDeadLetters(_ ids: [TaskID], of name: TaskName) async throws(BellowsError) -> [Bool] {
        do throws(BellowsError) {
            try VerbLimits.check(ids.count, atMost: VerbLimits.changedDeadLetters)
            return try await operations.changeDeadLetters(ids, by: .deadDelete, in: name)
        } catch {
            throw error.during(.inspect)
        }
    }
}
