import Bellows

extension RedisOperations {
    /// The most definitions in one call.
    static let definitionsPerSweep = 100

    /// Checks the layout, looks through definitions and enters this process as one that waits for their tasks; see
    /// lua/sweep.lua.
    ///
    /// - Parameters:
    ///   - names: at most ``definitionsPerSweep``; in a cluster one, because a script can look at one slot only.
    ///   - probe: a text that is published to our own inbox; nil for none.
    ///   - waits: whether this process waits for tasks of the definitions.
    ///   - time: how long to try; nil for as long as any call.
    func sweep(
        _ names: [TaskName],
        probe: String?,
        waits: Bool = true,
        within time: Duration? = nil
    ) async throws(BellowsError) -> SweepReport {
        let marker = keys.marker(of: names.first)
        let call = ScriptCall(.sweep, keys: [marker] + names.map(keys.base(of:))) { command, _ in
            command.append(RedisKeySpace.layoutVersion)
            command.append(keys.inbox(of: process, for: names.first))
            command.append(probe ?? "")
            command.append(waits ? process.text : "")
        }
        let reply = try await runner.run(call, time.map { ScriptRunner.CallBudget(time: $0) })
        guard let parts = reply.asArray, let marker = parts.first?.asNumber else {
            throw RedisReply.unexpected(from: .sweep)
        }
        guard marker < 2 else { throw LayoutMarker.mismatch(keys, of: names.first) }
        guard parts.count == names.count + 1 else { throw RedisReply.unexpected(from: .sweep) }
        var waits: [TaskName: Duration] = [:]
        for (name, part) in zip(names, parts.dropFirst()) {
            guard let wait = part.asNumber, wait >= 0 else { continue }
            waits[name] = .milliseconds(wait)
        }
        return SweepReport(hasLostData: marker == 1, waits: waits)
    }

    /// Hands a wake-up on to another process that waits; see lua/pass_on.lua.
    ///
    /// - Parameter isLeaving: whether this process does not want to be woken any more.
    func forwardWakeUp(for name: TaskName, isLeaving: Bool) async throws(BellowsError) {
        let call = ScriptCall(.passOn, keys: [keys.base(of: name)]) { command, _ in
            command.append(process.text)
            command.append(isLeaving ? "L" : "")
        }
        _ = try await runner.run(call)
    }
}
