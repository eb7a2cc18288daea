import Bellows

extension RedisOperations {
    /// Closes a definition; see lua/pause.lua.
    ///
    /// - Parameter milliseconds: after which time it opens by itself; nil for never.
    func pause(_ name: TaskName, for milliseconds: Int64?, note: String) async throws(BellowsError) -> Int {
        let reply = try await numbered(.pause, name) { command in
            command.append(milliseconds ?? 0)
            command.append(note)
        }
        guard let leased = reply.asNumber else { throw RedisReply.unexpected(from: .pause) }
        return Int(clamping: leased)
    }

    /// Opens a definition; see lua/resume.lua.
    func resume(_ name: TaskName) async throws(BellowsError) -> Bool {
        let reply = try await numbered(.resume, name) { _ in }
        guard let wasClosed = reply.asNumber else { throw RedisReply.unexpected(from: .resume) }
        return wasClosed == 1
    }
}
