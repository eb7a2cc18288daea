/// A dispatcher that was started with ``WorkerDispatcher/launch()``.
public struct RunningDispatcher: Sendable {
    private let dispatcher: WorkerDispatcher
    private let task: Task<Result<Void, BellowsError>, Never>

    init(dispatcher: WorkerDispatcher, task: Task<Result<Void, BellowsError>, Never>) {
        self.dispatcher = dispatcher
        self.task = task
    }

    /// Stops claiming, lets running tasks end within the grace, gives back the rest, and waits for all that.
    ///
    /// - Throws: what ``WorkerDispatcher/run()`` threw.
    public func drain() async throws(BellowsError) {
        dispatcher.beginDrain()
        try await task.value.get()
    }

    /// Waits until the dispatcher has ended.
    ///
    /// - Throws: what ``WorkerDispatcher/run()`` threw.
    public func wait() async throws(BellowsError) {
        try await task.value.get()
    }

    /// Cancels the running tasks and gives everything back at once, without waiting for it: call ``wait()`` before the
    /// program ends.
    public func cancel() {
        task.cancel()
    }
}
