import Bellows

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

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
        let counts = (reply.asArray ?? []).compactMap(\.asNumber).map { Int(clamping: $0) }
        guard counts.count == 7 else { throw RedisReply.unexpected(from: .stats) }
        return TaskStatistics(
            ready: counts[0],
            delayed: counts[1],
            leased: counts[2],
            dead: counts[3],
            finishedTotal: counts[4],
            failedAttemptsTotal: counts[5],
            trimmedTotal: counts[6]
        )
    }

    /// Tells where a task stands; see lua/inspect.lua.
    ///
    /// - Parameter headerLimit: the most bytes that headers have.
    func inspect(_ id: TaskID, in name: TaskName, headerLimit: Int) async throws(BellowsError) -> TaskInspection? {
        // Lengths and the other parts of a record stand beside the headers' text.
        let most = String(4 * headerLimit + 1024)
        let text = id == .singleton ? "" : id.rawValue
        let reply = try await runner.run(ScriptCall(.inspect, key: keys.base(of: name), text, most))
        guard let parts = reply.asArray, let word = parts.first?.asText else {
            throw RedisReply.unexpected(from: .inspect)
        }
        guard !word.isEmpty else { return nil }
        guard parts.count == 7, let state = TaskState(rawValue: word), let attempt = parts[1].asNumber else {
            throw RedisReply.unexpected(from: .inspect)
        }
        var inspection = TaskInspection(id: id, state: state, attempt: Int(clamping: attempt))
        inspection.due = parts[2].asNumber.map(Self.date)
        inspection.leaseEnd = parts[3].asNumber.map(Self.date)
        if let error = parts[4].asText, !error.isEmpty { inspection.lastError = error }
        if let beginning = parts[5].asBytes, let length = parts[6].asNumber {
            do {
                let record = try RecordCoder.decode(beginning)
                inspection.headers = record.headers
                let headSize = beginning.count - record.payload.count
                inspection.payloadSize = max(0, Int(clamping: length).subtractingClamped(headSize))
            } catch {
                inspection.lastError = inspection.lastError ?? error.description
            }
        }
        return inspection
    }

    /// Brings the next run of a singleton forward; see lua/hasten.lua.
    func hastenSingleton(_ name: TaskName, within time: Duration) async throws(BellowsError) -> Duration? {
        let call = ScriptCall(.hasten, key: keys.base(of: name), String(time.millisecondsRoundedUp))
        guard let wait = try await runner.run(call).asNumber else { throw RedisReply.unexpected(from: .hasten) }
        return wait < 0 ? nil : .milliseconds(wait)
    }

    /// Lists dead letters; see lua/dead_list.lua. A long list comes in several parts, so that no script takes long.
    func deadLetters(of name: TaskName, offset: Int, limit: Int) async throws(BellowsError) -> [DeadLetter] {
        var letters: [DeadLetter] = []
        while letters.count < limit {
            let (part, isMore) = try await somePart(of: name, offset + letters.count, limit - letters.count)
            letters += part
            guard isMore, !part.isEmpty else { break }
        }
        return letters
    }

    /// Lists dead letters, as many as fit into a reply.
    ///
    /// - Returns: the first of them, and whether there are more of those asked for.
    private func somePart(
        of name: TaskName,
        _ offset: Int,
        _ limit: Int
    ) async throws(BellowsError) -> ([DeadLetter], isMore: Bool) {
        let call = ScriptCall(.deadList, key: keys.base(of: name), String(offset), String(limit))
        guard let parts = try await runner.run(call).asArray, parts.count % 3 == 1, let more = parts[0].asNumber else {
            throw RedisReply.unexpected(from: .deadList)
        }
        var letters: [DeadLetter] = []
        for start in stride(from: 1, to: parts.count, by: 3) {
            guard let id = parts[start].asText, let date = parts[start + 1].asNumber,
                let cause = parts[start + 2].asText, let colon = cause.firstIndex(of: ":")
            else { throw RedisReply.unexpected(from: .deadList) }
            let letter = DeadLetter(
                id: TaskID(unchecked: id),
                attempt: Int(cause[..<colon]) ?? 0,
                date: Self.date(date),
                reason: String(cause[cause.index(after: colon)...])
            )
            letters.append(letter)
        }
        return (letters, more == 1)
    }

    /// Puts dead letters back, or deletes them; see lua/dead_retry.lua and lua/dead_delete.lua.
    func changeDeadLetters(
        _ ids: [TaskID],
        by script: RedisScript,
        in name: TaskName
    ) async throws(BellowsError) -> [Bool] {
        guard !ids.isEmpty else { return [] }
        let call = ScriptCall(script, keys: [keys.base(of: name)]) { command, _ in
            for id in ids { command.append(id.rawValue) }
        }
        return try characters(try await runner.run(call), of: script, count: ids.count) { $0 == UInt8(ascii: "1") }
    }

    private static func date(_ milliseconds: Int64) -> Date {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}
