/// A published task whose result this process awaits.
///
/// Releasing the value stops listening; the task keeps running, and its result is kept for as long as its publisher
/// asked.
public struct AwaitableTask<Definition: TaskDefinition>: Sendable {
    /// The task's id, the same that its worker sees.
    public let id: TaskID
    /// Whether the task was new.
    public let disposition: PublishedTask.Disposition

    private let published: PublishedTask
    private let waiter: ResultWaiter

    init(published: PublishedTask, waiter: ResultWaiter) {
        id = published.id
        disposition = published.disposition
        self.published = published
        self.waiter = waiter
    }

    /// Waits for the result.
    ///
    /// The wait survives reconnects and restarts of the store. It may be repeated after a time-out, but not from two
    /// tasks at once.
    ///
    /// - Parameter timeout: how long to wait; nil waits for as long as it takes. However short it is, the store gets a
    ///   quarter of a second to say what it has.
    /// - Returns: the callback.
    /// - Throws: the reason why there is none.
    public func wait(timeout: Duration? = nil) async throws(TaskAwaitError) -> Definition.Callback {
        let bytes = try await waiter.wait(
            run: published.run,
            looksFirst: published.disposition != .new,
            until: timeout.map { waiter.backend.timeSource.now + $0 }
        )
        do {
            return try Definition.decodeCallback(bytes)
        } catch {
            throw .undecodable(ErrorText.describe(error))
        }
    }
}
