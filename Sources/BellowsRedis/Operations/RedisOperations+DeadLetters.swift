import Bellows

extension RedisOperations {
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
                date: RedisReply.date(date),
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
}
