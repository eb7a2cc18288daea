import Bellows

extension RedisOperations {
    /// Counts tasks; see lua/stats.lua.
    func statistics(of name: TaskName) async throws(BellowsError) -> TaskStatistics {
        try await Self.statistics(of: name, keys: keys, runner: runner)
    }

    /// Counts tasks, without a backend.
    static func statistics(
        of name: TaskName,
        keys: RedisKeySpace,
        runner: ScriptRunner
    ) async throws(BellowsError) -> TaskStatistics {
        let reply = try await runner.run(ScriptCall(.stats, key: keys.base(of: name)))
        let parts = reply.asArray ?? []
        let counts = parts.prefix(8).compactMap(\.asNumber).map { Int(clamping: $0) }
        guard counts.count == 8 else { throw RedisReply.unexpected(from: .stats) }
        var statistics = TaskStatistics(
            ready: counts[0],
            delayed: counts[1],
            leased: counts[2],
            dead: counts[3],
            finishedTotal: counts[4],
            failedAttemptsTotal: counts[5],
            trimmedTotal: counts[6],
            cancelledTotal: counts[7]
        )
        if parts.count == 10, let note = parts[9].asText {
            statistics.pause = DefinitionPause(note: note, end: parts[8].asNumber.map(RedisReply.date))
        }
        return statistics
    }

    /// Tells where tasks stand; see lua/inspect.lua.
    ///
    /// - Parameter mostBytes: how much of each record is read; nil for all of it.
    func inspect(
        _ ids: [TaskID],
        in name: TaskName,
        mostBytes: Int?
    ) async throws(BellowsError) -> [TaskInspection?] {
        var answers: [TaskInspection?] = []
        // An answer that gets too large ends early, and the rest is asked for again.
        while answers.count < ids.count {
            let part = try await someInspections(Array(ids[answers.count...]), in: name, mostBytes)
            guard !part.isEmpty else { throw RedisReply.unexpected(from: .inspect) }
            answers += part
        }
        return answers
    }

    /// Inspects tasks, as many as fit into a reply.
    private func someInspections(
        _ ids: [TaskID],
        in name: TaskName,
        _ mostBytes: Int?
    ) async throws(BellowsError) -> [TaskInspection?] {
        let call = ScriptCall(.inspect, keys: [keys.base(of: name)]) { command, _ in
            command.append(mostBytes.map(String.init) ?? "")
            for id in ids { command.append(id == .singleton ? "" : id.rawValue) }
        }
        let reply = try await runner.run(call)
        let width = InspectionReply.width
        guard let parts = reply.asArray, parts.count == width * ids.count else {
            throw RedisReply.unexpected(from: .inspect)
        }
        var answers: [TaskInspection?] = []
        for (index, id) in ids.enumerated() {
            let values = parts[width * index..<width * (index + 1)]
            guard let answer = InspectionReply(id: id, values: values, isWhole: mostBytes == nil) else {
                throw RedisReply.unexpected(from: .inspect)
            }
            if answer.isLeftOut { break }
            answers.append(answer.inspection)
        }
        return answers
    }

    /// Brings the next run of a singleton forward; see lua/hasten.lua.
    func hastenSingleton(_ name: TaskName, within time: Duration) async throws(BellowsError) -> Duration? {
        let call = ScriptCall(.hasten, key: keys.base(of: name), String(time.millisecondsRoundedUp))
        guard let wait = try await runner.run(call).asNumber else { throw RedisReply.unexpected(from: .hasten) }
        return wait < 0 ? nil : .milliseconds(wait)
    }
}
