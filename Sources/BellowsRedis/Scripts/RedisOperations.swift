import Bellows

/// One script call for each verb, typed on both sides. The verbs of ``RedisBackend`` check, batch, and call these.
struct RedisOperations: Sendable {
    let keys: RedisKeySpace
    let process: ProcessNonce
    let numbers: CallNumbers
    let leases: NotedLeases
    let runner: ScriptRunner

    /// The patience of calls about leases: a third of the shortest one, so that there is time for another try. Not less
    /// than a second, because running out of it closes the connection that all definitions share; see
    /// docs/decisions/0003.
    func patience(for leases: some Sequence<Duration>) -> ScriptRunner.Patience {
        let third = max(.seconds(1), leases.min().map { $0 / 3 } ?? .seconds(5))
        return ScriptRunner.Patience(time: min(runner.patience.time, .seconds(5), third), waitsForSpace: true)
    }

    /// Reads an answer of one character for each item.
    func characters<Answer>(
        _ reply: RedisReply,
        of script: RedisScript,
        count: Int,
        _ read: (UInt8) -> Answer?
    ) throws(BackendError) -> [Answer] {
        guard let bytes = reply.asBytes, bytes.count == count else { throw RedisReply.unexpected(from: script) }
        let answers = bytes.compactMap(read)
        guard answers.count == count else { throw RedisReply.unexpected(from: script) }
        return answers
    }
}
