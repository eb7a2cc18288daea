import Bellows

extension RedisOperations {
    /// Looks for results; see lua/lookup.lua.
    ///
    /// A large answer comes in several parts.
    func result(
        of queries: [ResultQuery],
        in name: TaskName,
        within time: Duration,
        _ completion: @escaping @Sendable (Result<[ResultLookup], BellowsError>) -> Void
    ) {
        let call = ScriptCall(.lookup, keys: [keys.base(of: name)], reservedBytes: queries.count * 70) { command, _ in
            command.append(process.text)
            command.append(PublishOptions.defaultRetention.millisecondsRoundedUp)
            for query in queries {
                command.append(query.id.rawValue)
                command.append(query.run?.rawValue ?? "")
            }
        }
        let deadline = runner.timeSource.now + time
        runner.start(call, ScriptRunner.CallBudget(time: time)) { result in
            let part = result.read { reply throws(BellowsError) in try Self.lookups(reply, count: queries.count) }
            guard case .success(let answers) = part, answers.count < queries.count else { return completion(part) }
            self.result(
                of: Array(queries[answers.count...]),
                in: name,
                within: deadline - runner.timeSource.now
            ) { rest in
                completion(rest.read { answers + $0 })
            }
        }
    }

    /// The same, for those who wait.
    func result(of queries: [ResultQuery], in name: TaskName) async throws(BellowsError) -> [ResultLookup] {
        try await withUnsafeContinuation { continuation in
            result(of: queries, in: name, within: runner.patience.time) { continuation.resume(returning: $0) }
        }.get()
    }

    /// Reads an answer, which has at least the first lookup.
    private static func lookups(_ reply: RedisReply, count: Int) throws(BellowsError) -> [ResultLookup] {
        guard let parts = reply.asArray, parts.count == count * 2 else { throw RedisReply.unexpected(from: .lookup) }
        var answers: [ResultLookup] = []
        for start in stride(from: 0, to: parts.count, by: 2) {
            guard let bytes = parts[start + 1].asBytes else { throw RedisReply.unexpected(from: .lookup) }
            switch parts[start].asText {
            case "D": answers.append(.finished(bytes))
            case "X": answers.append(.dead(reason: String(decoding: bytes, as: UTF8.self)))
            case "C": answers.append(.cancelled(reason: String(decoding: bytes, as: UTF8.self)))
            case "P": answers.append(.pending)
            case "E": answers.append(.expired)
            case "U": answers.append(.unknown)
            case "R" where !answers.isEmpty: return answers
            default: throw RedisReply.unexpected(from: .lookup)
            }
        }
        return answers
    }
}
