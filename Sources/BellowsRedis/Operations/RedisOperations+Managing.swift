import Bellows

extension RedisOperations {
    /// Cancels tasks; see lua/cancel.lua.
    func cancel(_ ids: [TaskID], in name: TaskName, reason: String) async throws(BellowsError) -> [CancelOutcome] {
        let reply = try await numbered(.cancel, name) { command in
            command.append(reason)
            for id in ids { command.append(id.rawValue) }
        }
        return try characters(reply, of: .cancel, count: ids.count) { letter in
            switch letter {
            case UInt8(ascii: "C"): .cancelled
            case UInt8(ascii: "A"): .requested(isHolderTold: true)
            case UInt8(ascii: "S"): .requested(isHolderTold: false)
            case UInt8(ascii: "X"): .dead
            case UInt8(ascii: "F"): .finished
            case UInt8(ascii: "U"): .unknown
            default: nil
            }
        }
    }

    /// Moves tasks to another time; see lua/reschedule.lua.
    func reschedule(_ ids: [TaskID], in name: TaskName, delay: Int64) async throws(BellowsError) -> [ChangeOutcome] {
        let reply = try await numbered(.reschedule, name) { command in
            command.append(delay)
            for id in ids { command.append(id.rawValue) }
        }
        return try characters(reply, of: .reschedule, count: ids.count, Self.change)
    }

    /// Replaces a record; see lua/update.lua.
    func update(
        _ id: TaskID,
        in name: TaskName,
        to record: TaskRecord,
        from digest: RecordDigest
    ) async throws(BellowsError) -> ChangeOutcome {
        let bytes = RecordCoder.encode(record)
        let reply = try await numbered(.update, name) { command in
            command.append(id.rawValue)
            command.append(digest.rawValue)
            command.append(bytes)
        }
        return try characters(reply, of: .update, count: 1, Self.change)[0]
    }

    private static func change(_ letter: UInt8) -> ChangeOutcome? {
        switch letter {
        case UInt8(ascii: "D"): .done
        case UInt8(ascii: "L"): .leased
        case UInt8(ascii: "C"): .changed
        case UInt8(ascii: "U"): .unknown
        default: nil
        }
    }
}
