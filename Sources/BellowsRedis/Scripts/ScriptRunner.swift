import Bellows

/// Runs scripts and commands on the command connection until they have an answer or their time is up.
///
/// Whatever is run here may be sent twice: after a lost reply the same call is sent again, and the scripts see to it
/// that this is harmless.
struct ScriptRunner: Sendable {
    /// What a call may wait for.
    struct Patience: Sendable {
        /// How long.
        var time: Duration
        /// Whether a full store is worth waiting for.
        var waitsForSpace = false
    }

    let connection: RedisConnection
    let catalog: ScriptCatalog
    let timeSource: any TimeSource
    /// The patience of calls that have no lease.
    let patience: Patience

    /// Runs a script.
    func run(_ call: ScriptCall, _ patience: Patience? = nil) async throws(BackendError) -> RedisReply {
        try await run(patience ?? self.patience) { attempt in
            catalog.command(for: call, isRepeated: attempt.isRepeated, sendingText: attempt.sendsText)
        }
    }

    /// Runs a plain command that may be repeated.
    func run(_ command: RedisCommand) async throws(BackendError) -> RedisReply {
        try await run(patience) { _ in command }
    }

    private func run(
        _ patience: Patience,
        _ makeCommand: (CallAttempt) -> RedisCommand
    ) async throws(BackendError) -> RedisReply {
        let deadline = timeSource.now + patience.time
        var attempt = CallAttempt(waitsForSpace: patience.waitsForSpace)
        while true {
            let decision: CallAttempt.Decision
            do {
                decision = attempt.decide(try await connection.send(makeCommand(attempt), deadline: deadline))
            } catch {
                decision = attempt.decide(error)
            }
            switch decision {
            case .answer(let reply): return reply
            case .fail(let error): throw error
            case .retryAtOnce: continue
            case .retry(let error, let isWrongServer):
                if isWrongServer { connection.reset(error.message) }
                let instant = timeSource.now + attempt.pause(jitter: .random(in: 0...1))
                guard instant < deadline else { throw attempt.finalError(error) }
                await timeSource.wait(until: instant)
            }
        }
    }
}
