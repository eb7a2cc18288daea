import Bellows

extension RedisOperations {
    /// Takes due tasks; see lua/claim.lua, lua/claim_by_id.lua and lua/claim_singleton.lua.
    func claim(_ request: ClaimRequest) async throws(BackendError) -> ClaimOutcome {
        let nonce = process.nextClaim()
        let lease = request.lease.millisecondsRoundedUp
        let script: RedisScript
        let leading: String?
        var isEarliest = false
        switch request.selection {
        case .earliest(let count): (script, leading, isEarliest) = (.claim, String(count), true)
        case .id(let id): (script, leading) = (.claimByID, id.rawValue)
        case .singleton: (script, leading) = (.claimSingleton, nil)
        }
        let mustNote = isEarliest && leases.mustNote(request.lease, of: request.name, at: runner.timeSource.now)
        let call = ScriptCall(script, keys: [keys.base(of: request.name)]) { command, isRepeated in
            if let leading { command.append(leading) }
            command.append(lease)
            command.append(nonce)
            // The first delivery may have taken tasks; they are found again by the nonce.
            let flags = (isRepeated ? "R" : "") + (mustNote ? "L" : "")
            if !flags.isEmpty { command.append(flags) }
        }
        let reply: RedisReply
        do {
            reply = try await runner.run(call, patience(for: CollectionOfOne(request.lease)))
        } catch {
            leases.forget(request.name)
            throw error
        }
        guard let parts = reply.asArray else { throw RedisReply.unexpected(from: script) }
        switch request.selection {
        case .earliest: return try earliest(parts, request, nonce)
        case .id(let id): return try single(parts, id, .published, request, nonce)
        case .singleton: return try single(parts, .singleton, .singleton, request, nonce)
        }
    }

    private func earliest(
        _ parts: [RedisReply],
        _ request: ClaimRequest,
        _ nonce: String
    ) throws(BackendError) -> ClaimOutcome {
        guard let wait = parts.first?.asNumber, parts.count % 3 == 1 else {
            throw RedisReply.unexpected(from: .claim)
        }
        var tasks: [ClaimedTask] = []
        for start in stride(from: 1, to: parts.count, by: 3) {
            guard let id = parts[start].asText, let attempt = parts[start + 1].asNumber else {
                throw RedisReply.unexpected(from: .claim)
            }
            tasks.append(task(TaskID(unchecked: id), .published, attempt, parts[start + 2].asBytes, request, nonce))
        }
        let next: ClaimOutcome.NextClaim = wait == 0 ? .now : wait < 0 ? .onSignal : .after(.milliseconds(wait))
        return tasks.isEmpty ? .unavailable(next) : .claimed(tasks, next: next)
    }

    private func single(
        _ parts: [RedisReply],
        _ id: TaskID,
        _ kind: TaskKind,
        _ request: ClaimRequest,
        _ nonce: String
    ) throws(BackendError) -> ClaimOutcome {
        switch (parts.first?.asText, parts.count > 1 ? parts[1].asNumber : nil) {
        case ("C", let attempt?):
            let record = parts.count > 2 ? parts[2].asBytes : nil
            return .claimed([task(id, kind, attempt, record, request, nonce)], next: .after(request.lease))
        case ("L", let left?): return .leased(for: .milliseconds(left))
        case ("U", let wait?): return .unavailable(.after(.milliseconds(wait)))
        case ("N", _): return .notFound
        default: throw RedisReply.unexpected(from: kind == .singleton ? .claimSingleton : .claimByID)
        }
    }

    private func task(
        _ id: TaskID,
        _ kind: TaskKind,
        _ attempt: Int64,
        _ bytes: [UInt8]?,
        _ request: ClaimRequest,
        _ nonce: String
    ) -> ClaimedTask {
        let lease = Lease(
            name: request.name,
            kind: kind,
            id: id,
            token: LeaseToken("\(attempt):\(nonce)"),
            duration: request.lease
        )
        let attempt = Int(clamping: attempt)
        guard kind == .published else {
            return ClaimedTask(lease: lease, attempt: attempt, record: TaskRecord(payload: []))
        }
        do {
            return ClaimedTask(lease: lease, attempt: attempt, record: try RecordCoder.decode(bytes ?? []))
        } catch {
            let empty = TaskRecord(payload: [])
            return ClaimedTask(lease: lease, attempt: attempt, record: empty, malformed: error.description)
        }
    }
}
