import Bellows

extension RedisOperations {
    /// Looks for results; see lua/result.lua.
    ///
    /// A large answer comes in several parts.
    func result(
        of queries: [ResultQuery],
        in name: TaskName,
        within time: Duration? = nil
    ) async throws(BackendError) -> [ResultLookup] {
        let patience = ScriptRunner.Patience(time: time ?? runner.patience.time)
        var answers: [ResultLookup] = []
        while answers.count < queries.count {
            let rest = queries[answers.count...]
            let part = try await resultPart(of: rest, in: name, patience)
            guard !part.isEmpty else { throw RedisReply.unexpected(from: .result) }
            answers += part
        }
        return answers
    }

    private func resultPart(
        of queries: ArraySlice<ResultQuery>,
        in name: TaskName,
        _ patience: ScriptRunner.Patience
    ) async throws(BackendError) -> [ResultLookup] {
        let call = ScriptCall(.result, keys: [keys.base(of: name)], reservedBytes: queries.count * 70) { command, _ in
            command.append(process.text)
            command.append(PublishOptions.defaultRetention.millisecondsRoundedUp)
            for query in queries {
                command.append(query.id.rawValue)
                command.append(query.run?.rawValue ?? "")
            }
        }
        let reply = try await runner.run(call, patience)
        guard let parts = reply.asArray, parts.count == queries.count * 2 else {
            throw RedisReply.unexpected(from: .result)
        }
        var answers: [ResultLookup] = []
        for start in stride(from: 0, to: parts.count, by: 2) {
            guard let bytes = parts[start + 1].asBytes else { throw RedisReply.unexpected(from: .result) }
            switch parts[start].asText {
            case "D": answers.append(.finished(bytes))
            case "X": answers.append(.dead(reason: String(decoding: bytes, as: UTF8.self)))
            case "P": answers.append(.pending)
            case "E": answers.append(.expired)
            case "U": answers.append(.unknown)
            case "R": return answers
            default: throw RedisReply.unexpected(from: .result)
            }
        }
        return answers
    }
}
