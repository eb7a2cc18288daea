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
}
