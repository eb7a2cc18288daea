import Bellows

/// One script call for each verb, typed on both sides. The verbs of ``RedisBackend`` check, batch, and call these.
struct RedisOperations: Sendable {
    let keys: RedisKeySpace
    let process: ProcessNonce
    let numbers: CallNumbers
    let leases: NotedLeases
    let runner: ScriptRunner

    /// The shortest time that a call about a lease gets: less would cut connections only because a machine is busy.
    static let leastPatience = Duration.seconds(1)

    /// The patience of calls about leases: a third of the shortest one at most, so that there is time for another try.
    func patience(for leases: some Sequence<Duration>) -> ScriptRunner.Patience {
        let third = leases.min().map { max($0 / 3, Self.leastPatience) } ?? runner.patience.time
        return ScriptRunner.Patience(time: min(runner.patience.time, third), waitsForSpace: true)
    }

    /// The patience of a claim. What it gets is worth as much late as early, to somebody who looks at the clock.
    var claimPatience: ScriptRunner.Patience {
        ScriptRunner.Patience(time: runner.patience.time, waitsForSpace: true)
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
