extension Backend {
    /// Waits for the bytes of a task's result by its id, from any process.
    ///
    /// A task that waits or runs is asked to keep and announce its result from now on; one that finished before is
    /// answered from its kept result.
    ///
    /// - Parameters:
    ///   - id: the task.
    ///   - run: the publish whose result is wanted; nil takes any run's.
    ///   - name: its definition.
    ///   - timeout: how long to wait; nil waits for as long as it takes. However short it is, the store gets a quarter
    ///     of a second to say what it has.
    /// - Returns: the bytes of the result.
    /// - Throws: the reason why there is none.
    package func awaitResult(
        of id: TaskID,
        run: RunID? = nil,
        in name: TaskName,
        timeout: Duration? = nil
    ) async throws(TaskAwaitError) -> [UInt8] {
        let deadline = timeout.map { timeSource.now + $0 }
        let waiter: ResultWaiter
        do throws(BellowsError) {
            waiter = try await ResultWaiter(backend: self, name: name, id: id)
        } catch {
            throw .backend(error)
        }
        return try await waiter.wait(run: run, looksFirst: true, until: deadline)
    }
}
