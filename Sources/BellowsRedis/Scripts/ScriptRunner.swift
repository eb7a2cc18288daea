import Bellows

/// Runs scripts and commands on the command connection until they have an answer or their time is up.
///
/// Whatever is run here may be sent twice: after a lost reply the same call is sent again, and the scripts see to it
/// that this is harmless.
struct ScriptRunner: Sendable {
    /// What a call may wait for.
    struct CallBudget: Sendable {
        /// How long.
        var time: Duration
        /// Whether a full store is worth waiting for.
        var waitsForSpace = false

        /// What an attempt needs at least. A command whose time runs out costs the connection, which others use too, so
        /// none is sent that has no time for its answer.
        var least: Duration { time / 20 }
    }

    /// Takes the answer. Called once, on the event loop or, for what cannot even be tried, on the caller's.
    typealias Completion = @Sendable (Result<RedisReply, BellowsError>) -> Void

    let routes: any CommandRoutes
    let catalog: ScriptCatalog
    let timeSource: any TimeSource
    /// The patience of calls that have no lease.
    let patience: CallBudget

    /// The same on other connections.
    func on(_ routes: any CommandRoutes) -> ScriptRunner {
        ScriptRunner(routes: routes, catalog: catalog, timeSource: timeSource, patience: patience)
    }

    /// Starts a script.
    func start(_ call: ScriptCall, _ patience: CallBudget? = nil, _ completion: @escaping Completion) {
        start(patience ?? self.patience, .key(call.keys[0]), completion) { attempt in
            catalog.command(for: call, isRepeated: attempt.isRepeated, sendingText: attempt.sendsText)
        }
    }

    /// Runs a script.
    func run(_ call: ScriptCall, _ patience: CallBudget? = nil) async throws(BellowsError) -> RedisReply {
        try await withUnsafeContinuation { continuation in
            start(call, patience) { continuation.resume(returning: $0) }
        }.get()
    }

    /// Runs a plain command that may be repeated.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - target: whom it is for.
    func run(_ command: RedisCommand, on target: CommandTarget) async throws(BellowsError) -> RedisReply {
        try await withUnsafeContinuation { continuation in
            start(patience, target, { continuation.resume(returning: $0) }, { _ in command })
        }.get()
    }

    private func start(
        _ patience: CallBudget,
        _ target: CommandTarget,
        _ completion: @escaping Completion,
        _ makeCommand: @escaping @Sendable (CallAttempt) -> RedisCommand
    ) {
        guard patience.time > .zero else {
            return completion(.failure(BellowsError(.unavailable, "there was no time left to ask Redis")))
        }
        let deadline = timeSource.now + patience.time
        let first = CallAttempt(waitsForSpace: patience.waitsForSpace, followsRedirects: routes.followsRedirects)
        attempt(first, target, target, deadline, patience.time, completion, makeCommand)
    }

    /// One attempt.
    ///
    /// - Parameters:
    ///   - home: whom the command is for.
    ///   - target: whom this attempt goes to.
    ///   - time: what the call had in all.
    private func attempt(
        _ attempt: CallAttempt,
        _ home: CommandTarget,
        _ target: CommandTarget,
        _ deadline: ContinuousClock.Instant,
        _ time: Duration,
        _ completion: @escaping Completion,
        _ makeCommand: @escaping @Sendable (CallAttempt) -> RedisCommand
    ) {
        routes.submit(makeCommand(attempt), to: target, deadline: deadline) { result in
            var next = attempt
            switch next.decide(result) {
            case .answer(let reply): completion(.success(reply))
            case .fail(let error): completion(.failure(error))
            case .retryAtOnce: self.attempt(next, home, target, deadline, time, completion, makeCommand)
            case .redirect(let redirect):
                routes.note(redirect)
                let target = if case .ask(let node) = redirect { CommandTarget.asking(node) } else { home }
                self.attempt(next, home, target, deadline, time, completion, makeCommand)
            case .retry(let error, let isWrongServer):
                if isWrongServer { routes.reset(target, error.message) }
                let now = timeSource.now
                let least = min(patience.least, time / 4)
                guard let pause = next.pause(jitter: .random(in: 0...1), left: deadline - now - least) else {
                    return completion(.failure(next.finalError(error)))
                }
                let again = next
                _ = timeSource.schedule(at: now + pause) {
                    self.attempt(again, home, home, deadline, time, completion, makeCommand)
                }
            }
        }
    }
}
