/// What cancelling one task has come to so far, and the way to wait for its end.
public struct TaskCancellation: Sendable {
    /// What the store has answered. ``CancelOutcome/requested(isHolderTold:)`` means that the task runs, and was asked to
    /// stop.
    public let outcome: CancelOutcome

    private let id: TaskID
    private let name: TaskName
    private let backend: any Backend

    init(_ outcome: CancelOutcome, of id: TaskID, in name: TaskName, on backend: any Backend) {
        (self.outcome, self.id, self.name, self.backend) = (outcome, id, name, backend)
    }

    /// Waits until a task that runs has ended.
    ///
    /// - Parameter timeout: how long to wait; nil, the default, waits for as long as it takes. If the holder is gone, that
    ///   is until its lease ends and a worker comes by.
    /// - Returns: how the task ended, or ``CancelOutcome/stillRunning``. One that did not run is answered at once.
    /// - Throws: ``BellowsError``.
    public func wait(timeout: Duration? = nil) async throws(BellowsError) -> CancelOutcome {
        guard case .requested = outcome else { return outcome }
        return try await backend.awaitEnd(of: id, in: name, timeout: timeout)
    }
}
