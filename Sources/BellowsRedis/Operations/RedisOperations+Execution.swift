import Bellows

extension RedisOperations {
    /// Ends attempts well and hands out tasks, in one call; see lua/finish.lua, lua/claim.lua and
    /// lua/finish_and_claim.lua.
    ///
    /// The claims of several dispatchers become one; what it brings is handed to them in their order.
    func execute(
        _ requests: [FinishOrClaim],
        in name: TaskName,
        within time: Duration,
        _ completion: @escaping @Sendable (Result<[ExecutionAnswer], BellowsError>) -> Void
    ) {
        var finishes: [LeaseItem] = []
        var wanted = 0
        var duration: Duration?
        var someoneWaits = false
        for request in requests {
            switch request {
            case .finish(let item): finishes.append(item)
            case .claim(let count, let lease, let waits):
                wanted += count
                duration = lease
                someoneWaits = someoneWaits || waits
            }
        }
        let claim = duration.map { lease in
            EarliestClaim(
                count: min(wanted, VerbLimits.claimedTasks),
                lease: lease,
                nonce: process.nextClaim(),
                isNoted: leases.mustNote(lease, of: name, at: runner.timeSource.now),
                waits: someoneWaits
            )
        }
        let ends = finishes
        guard !ends.isEmpty else {
            return call(nil, [], claim, name, time) { completion($0.read { Self.answers($0, requests) }) }
        }
        begin(name, within: time) { number, left in
            call(number, ends, claim, name, left) { result in
                numbers.end(number, name)
                completion(result.read { Self.answers($0, requests) })
            }
        }
    }

    private struct Outcome {
        var finishes: [LeaseOutcome] = []
        var claim: Result<(tasks: [ClaimedTask], next: ClaimOutcome.NextClaim), BellowsError>?
    }

    private func call(
        _ number: CallNumber?,
        _ finishes: [LeaseItem],
        _ claim: EarliestClaim?,
        _ name: TaskName,
        _ time: Duration,
        _ completion: @escaping @Sendable (Result<Outcome, BellowsError>) -> Void
    ) {
        let script: RedisScript = claim == nil ? .finish : finishes.isEmpty ? .claim : .finishAndClaim
        let bytes = finishes.reduce(100) { $0 + $1.byteCount + 30 }
        let call = ScriptCall(script, keys: [keys.base(of: name)], reservedBytes: bytes) { command, isRepeated in
            number?.append(to: &command, process: process, looksForAnswer: isRepeated)
            for item in finishes { item.append(to: &command) }
            claim?.append(to: &command, isRepeated: isRepeated)
        }
        var shortest = claim?.lease
        for item in finishes { shortest = min(shortest ?? item.lease.duration, item.lease.duration) }
        runner.start(call, patience(for: CollectionOfOne(shortest ?? .seconds(15)), within: time)) { result in
            // The note of the lease may not have arrived.
            if claim != nil, case .failure = result { leases.forget(name) }
            completion(
                result.read { reply throws(BellowsError) in
                    try outcome(reply, script, finishes: finishes.count, claim, name)
                }
            )
        }
    }

    private func outcome(
        _ reply: RedisReply,
        _ script: RedisScript,
        finishes count: Int,
        _ claim: EarliestClaim?,
        _ name: TaskName
    ) throws(BellowsError) -> Outcome {
        var outcome = Outcome()
        guard let claim else {
            outcome.finishes = try characters(reply, of: script, count: count, Self.outcome)
            return outcome
        }
        guard var parts = reply.asArray else { throw RedisReply.unexpected(from: script) }
        if count > 0 {
            guard let finished = parts.popLast() else { throw RedisReply.unexpected(from: script) }
            outcome.finishes = try characters(finished, of: script, count: count, Self.outcome)
            // The attempts are ended, whatever the claim ran into.
            if parts.count == 1, case .bytes(let text) = parts[0] {
                leases.forget(name)
                let error = RedisServerError(String(decoding: text, as: UTF8.self))
                outcome.claim = .failure(error.backendError)
                return outcome
            }
        }
        outcome.claim = .success(try claim.read(parts, name: name))
        return outcome
    }

    /// Hands out what came to those who asked, in their order.
    private static func answers(_ outcome: Outcome, _ requests: [FinishOrClaim]) -> [ExecutionAnswer] {
        var finished = outcome.finishes.makeIterator()
        var tasks: ArraySlice<ClaimedTask> = []
        if case .success(let claim) = outcome.claim { tasks = claim.tasks[...] }
        return requests.map { request in
            switch request {
            case .finish: return .finish(finished.next() ?? .leaseLost)
            case .claim(let count, _, _):
                switch outcome.claim {
                case .success(let claim):
                    let part = Array(tasks.prefix(count))
                    tasks = tasks.dropFirst(count)
                    return .claim(.success(part.isEmpty ? .unavailable(claim.next) : .claimed(part, next: claim.next)))
                case .failure(let error): return .claim(.failure(error))
                case nil: return .claim(.failure(RedisReply.unexpected(from: .claim)))
                }
            }
        }
    }
}
