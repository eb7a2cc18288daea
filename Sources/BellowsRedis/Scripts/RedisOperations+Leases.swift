import Bellows

extension RedisOperations {
    /// Extends leases of one duration; see lua/renew.lua.
    func renew(_ leases: [Lease], for duration: Duration, in name: TaskName) async throws(BackendError)
        -> [LeaseOutcome]
    {
        let call = ScriptCall(.renew, keys: [keys.base(of: name)], reservedBytes: leases.count * 70) { command, _ in
            command.append(duration.millisecondsRoundedUp)
            for lease in leases {
                command.append(lease.id.rawValue)
                command.append(lease.token.rawValue)
            }
        }
        let reply = try await runner.run(call, patience(for: CollectionOfOne(duration)))
        return try characters(reply, of: .renew, count: leases.count, Self.outcome)
    }

    /// Ends attempts; see lua/finish.lua, lua/fail.lua and lua/release.lua.
    func end(
        _ items: [LeaseItem],
        by script: RedisScript,
        in name: TaskName,
        within time: Duration
    ) async throws(BackendError) -> [LeaseOutcome] {
        try await numbers.withNumber(name) { number throws(BackendError) in
            let bytes = items.reduce(0) { $0 + $1.byteCount + 30 }
            let call = ScriptCall(script, keys: [keys.base(of: name)], reservedBytes: bytes) { command, isRepeated in
                number.append(to: &command, process: process, looksForAnswer: isRepeated)
                for item in items { item.append(to: &command) }
            }
            var patience = patience(for: items.lazy.map(\.lease.duration))
            patience.time = min(patience.time, time)
            let reply = try await runner.run(call, patience)
            return try characters(reply, of: script, count: items.count, Self.outcome)
        }
    }

    /// Renews or ends a run of a singleton; see lua/singleton.lua.
    func singleton(_ operation: SingletonOperation, _ lease: Lease) async throws(BackendError) -> LeaseOutcome {
        try await numbers.withNumber(lease.name) { number throws(BackendError) in
            let call = ScriptCall(.singleton, keys: [keys.base(of: lease.name)]) { command, isRepeated in
                number.append(to: &command, process: process, looksForAnswer: isRepeated)
                command.append(lease.token.rawValue)
                operation.append(to: &command)
            }
            let reply = try await runner.run(call, patience(for: CollectionOfOne(lease.duration)))
            return try characters(reply, of: .singleton, count: 1, Self.outcome)[0]
        }
    }

    private static func outcome(_ character: UInt8) -> LeaseOutcome? {
        switch character {
        case UInt8(ascii: "D"): .done
        case UInt8(ascii: "L"): .leaseLost
        default: nil
        }
    }
}
