extension Backend {
    /// Waits for the end of a task that was asked to stop.
    ///
    /// - Parameters:
    ///   - id: the task.
    ///   - name: its definition.
    ///   - timeout: how long to wait; nil waits for as long as it takes.
    func awaitEnd(
        of id: TaskID,
        in name: TaskName,
        timeout: Duration?
    ) async throws(BellowsError) -> CancelOutcome {
        do throws(TaskAwaitError) {
            _ = try await awaitResult(of: id, in: name, timeout: timeout)
            return .finished
        } catch {
            switch error {
            case .timedOut: return .stillRunning
            case .taskCancelled: return .cancelled
            case .dead: return .dead
            case .expired, .undecodable: return .finished
            case .unknown: return .unknown
            case .cancelled: throw BellowsError(.cancelled, "the wait was cancelled", verb: .result)
            case .backend(let error): throw error
            }
        }
    }
}
