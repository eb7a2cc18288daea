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

    /// Runs a script whose calls are numbered, so that a repetition after a lost reply changes nothing.
    private func numbered(
        _ script: RedisScript,
        _ name: TaskName,
        _ appendArguments: @escaping @Sendable (inout RedisCommand) -> Void
    ) async throws(BellowsError) -> RedisReply {
        let number = await withUnsafeContinuation { continuation in
            numbers.begin(name) { continuation.resume(returning: $0) }
        }
        defer { numbers.end(number, name) }
        let call = ScriptCall(script, keys: [keys.base(of: name)]) { command, isRepeated in
            number.append(to: &command, process: process, looksForAnswer: isRepeated)
            appendArguments(&command)
        }
        return try await runner.run(call)
    }
}
