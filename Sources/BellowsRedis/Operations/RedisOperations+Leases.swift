import Bellows

extension RedisOperations {
    /// Extends leases of one duration; see lua/renew.lua.
    func renew(_ leases: [Lease], for duration: Duration, in name: TaskName) async throws(BellowsError)
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
        guard let parts = reply.asArray else {
            return try characters(reply, of: .renew, count: leases.count, Self.outcome)
        }
        // Some attempts are to stop; their reasons stand behind the letters.
        guard let letters = parts.first else { throw RedisReply.unexpected(from: .renew) }
        var reasons = parts.dropFirst().compactMap(\.asText).makeIterator()
        return try characters(letters, of: .renew, count: leases.count) { letter in
            guard letter == UInt8(ascii: "C") else { return Self.outcome(letter) }
            return reasons.next().map { .cancellationRequested(reason: $0) }
        }
    }

    /// Ends failed attempts, or gives tasks back; see lua/fail.lua and lua/release.lua.
    func end(
        _ items: [LeaseItem],
        by script: RedisScript,
        in name: TaskName,
        within time: Duration,
        _ completion: @escaping @Sendable (Result<[LeaseOutcome], BellowsError>) -> Void
    ) {
        begin(name, within: time) { number, left in
            let bytes = items.reduce(0) { $0 + $1.byteCount + 30 }
            let call = ScriptCall(script, keys: [keys.base(of: name)], reservedBytes: bytes) { command, isRepeated in
                number.append(to: &command, process: process, looksForAnswer: isRepeated)
                if let delay = items.first?.releaseDelay { command.append(delay) }
                for item in items { item.append(to: &command) }
            }
            runner.start(call, patience(for: items.lazy.map(\.lease.duration), within: left)) { result in
                numbers.end(number, name)
                completion(
                    result.read { reply throws(BellowsError) in
                        let letters = noteTrimming(in: reply, count: items.count, of: name)
                        return try characters(letters, of: script, count: items.count, Self.outcome)
                    }
                )
            }
        }
    }

    /// Takes off what stands behind the letters of the items if dead letters were removed for their bounds.
    private func noteTrimming(in reply: RedisReply, count: Int, of name: TaskName) -> RedisReply {
        guard let bytes = reply.asBytes, bytes.count == count + 1, bytes.last == UInt8(ascii: "T") else { return reply }
        trimWarning.note(name)
        return .bytes(bytes.dropLast())
    }

    /// Renews or ends a run of a singleton; see lua/singleton.lua.
    func singleton(_ operation: SingletonOperation, _ lease: Lease) async throws(BellowsError) -> LeaseOutcome {
        let patience = patience(for: CollectionOfOne(lease.duration))
        let reply = try await numbered(.singleton, lease.name, patience) { command in
            command.append(lease.token.rawValue)
            operation.append(to: &command)
        }
        return try characters(reply, of: .singleton, count: 1, Self.outcome)[0]
    }

    static func outcome(_ character: UInt8) -> LeaseOutcome? {
        switch character {
        case UInt8(ascii: "D"): .done
        case UInt8(ascii: "L"): .leaseLost
        default: nil
        }
    }
}
