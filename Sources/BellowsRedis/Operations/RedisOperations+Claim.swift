import Bellows

extension RedisOperations {
    /// Takes one task by its id; see lua/claim_by_id.lua.
    func claim(_ id: TaskID, of name: TaskName, lease: Duration) async throws(BellowsError) -> ClaimOutcome {
        try await claim(.claimByID, id: id, .published, of: name, lease)
    }

    /// Takes the singleton of a name; see lua/claim_singleton.lua.
    func claimSingleton(_ name: TaskName, lease: Duration) async throws(BellowsError) -> ClaimOutcome {
        try await claim(.claimSingleton, id: .singleton, .singleton, of: name, lease)
    }

    private func claim(
        _ script: RedisScript,
        id: TaskID,
        _ kind: TaskKind,
        of name: TaskName,
        _ lease: Duration
    ) async throws(BellowsError) -> ClaimOutcome {
        let nonce = process.nextClaim()
        let call = ScriptCall(script, keys: [keys.base(of: name)]) { command, isRepeated in
            if kind == .published { command.append(id.rawValue) }
            command.append(lease.millisecondsRoundedUp)
            command.append(nonce)
            // The first delivery may have taken the task; it is found again by the nonce.
            if isRepeated { command.append("R") }
        }
        let reply = try await runner.run(call, patience(for: CollectionOfOne(lease)))
        guard let parts = reply.asArray else { throw RedisReply.unexpected(from: script) }
        switch (parts.first?.asText, parts.count > 1 ? parts[1].asNumber : nil) {
        case ("C", let attempt?):
            guard let fence = parts.last?.asNumber, parts.count == (kind == .published ? 4 : 3) else {
                throw RedisReply.unexpected(from: script)
            }
            let claimed = Lease(claimed: id, attempt, nonce, name: name, kind, lease)
            let task = ClaimedTask(claimed, attempt: attempt, fence: fence, stored: parts[2].asBytes)
            return .claimed([task], next: .after(lease))
        case ("P", EarliestClaim.needsMore): throw name.needsNewerClaimer
        case ("P", let wait?): return .unavailable(wait < 0 ? .onSignal : .after(.milliseconds(wait)))
        case ("L", let left?): return .leased(for: .milliseconds(left))
        case ("U", let wait?): return .unavailable(.after(.milliseconds(wait)))
        case ("N", _): return .notFound
        default: throw RedisReply.unexpected(from: script)
        }
    }
}
