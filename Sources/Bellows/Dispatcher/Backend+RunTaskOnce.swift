import BellowsRuntime
public import Logging

extension Backend {
    /// Runs one attempt without a dispatcher, for hosts that are driven by requests.
    ///
    /// The lease is renewed while the handler runs. If the surrounding Swift task is cancelled, the handler is too, and
    /// the task is given back without counting the attempt.
    ///
    /// - Parameters:
    ///   - handler: the code to run.
    ///   - id: the task; nil takes the earliest one that is due. Ignored for a singleton.
    ///   - lease: how long the lease lasts.
    ///   - logger: where the handler logs; nil logs nothing.
    /// - Returns: whether and when to call again.
    /// - Throws: ``BellowsError`` if no task was run, or its end could not be reported.
    public func runTaskOnce(
        _ handler: TaskHandler,
        id: TaskID? = nil,
        lease: LeasePolicy = LeasePolicy(),
        logger: Logger? = nil
    ) async throws(BellowsError) -> RunOnceOutcome {
        let attempt = SingleAttempt(
            backend: self,
            handler: handler,
            logger: logger ?? .silent
        )
        return try await withTaskExecutorPreference(EventLoop.shared) { () async throws(BellowsError) in
            try await attempt.run(id: id, lease: lease)
        }
    }
}
