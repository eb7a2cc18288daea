/// The handle of one task: what this process can do with a task whose definition and id it knows.
///
/// ``Backend/publishAwaitable(_:_:options:)`` returns one that listens already, so its result is announced to it.
/// ``Backend/task(_:_:)`` makes one by id, in any process. Releasing the value stops listening; the task keeps running, and its
/// result is kept for as long as its publisher asked.
public struct AwaitableTask<Definition: TaskDefinition>: Sendable {
    /// The task's id, the same that its worker sees.
    public let id: TaskID
    /// What its publish answered; nil for a handle that was made by id.
    public let published: PublishedTask?

    private let backend: any Backend
    /// Listens since before the publish; nil for a handle that was made by id.
    private let waiter: ResultWaiter?

    /// A task that was published just now.
    init(published: PublishedTask, waiter: ResultWaiter) {
        id = published.id
        self.published = published
        backend = waiter.backend
        self.waiter = waiter
    }

    /// A task that somebody has published.
    init(id: TaskID, backend: any Backend) {
        self.id = id
        self.backend = backend
        published = nil
        waiter = nil
    }

    /// Waits for the result.
    ///
    /// The wait survives reconnects and restarts of the store, and may be repeated after a time-out. A task that waits or
    /// runs is asked to keep and announce its result from now on; one that has finished is answered from its kept result.
    /// A handle that ``Backend/publishAwaitable(_:_:options:)`` returned must not wait from two Swift tasks at once.
    ///
    /// - Parameter timeout: how long to wait; nil waits for as long as it takes. However short it is, the store gets a
    ///   quarter of a second to say what it has.
    /// - Returns: the callback.
    /// - Throws: the reason why there is none.
    public func wait(timeout: Duration? = nil) async throws(TaskAwaitError) -> Definition.Callback {
        let bytes = try await bytes(timeout: timeout)
        do {
            return try Definition.decodeCallback(bytes)
        } catch {
            throw .undecodable(ErrorText.describe(error))
        }
    }

    /// Where the task stands now.
    ///
    /// - Returns: nil if the store knows no such task.
    /// - Throws: ``BellowsError``; with ``BellowsError/Code/unsupported`` if the backend is no ``BackendInspecting``.
    public func status() async throws(BellowsError) -> TaskState? {
        let inspecting = try backend.requiredCapability((any BackendInspecting).self)
        return try await inspecting.inspect(id, in: TaskPartitions(Definition.self).partition(for: id))?.state
    }

    /// Cancels the task. If it waits, it ends at once. If it runs, its handler is cancelled, wherever that is; see
    /// ``TaskContext/cancellation``.
    ///
    /// ```swift
    /// switch try await task.cancel(reason: "the user left").wait(timeout: .seconds(5)) {
    /// case .cancelled: print("it will not run again")
    /// case .finished: print("it has finished")
    /// case .stillRunning: print("it still runs")
    /// default: print("it is a dead letter, or there is no such task")
    /// }
    /// ```
    ///
    /// - Parameter reason: who cancels it and why, at most ``VerbLimits/reasonBytes``; whoever awaits the result is told.
    /// - Returns: what became of it so far, and a way to wait for its end.
    /// - Throws: ``BellowsError``; with ``BellowsError/Code/unsupported`` if the backend is no ``BackendManaging``.
    @discardableResult
    public func cancel(reason: String = "") async throws(BellowsError) -> TaskCancellation {
        let name = try TaskPartitions(Definition.self).partition(for: id)
        let managing = try backend.requiredCapability((any BackendManaging).self)
        let outcome = try await managing.cancel([id], in: name, reason: reason).first ?? .unknown
        return TaskCancellation(outcome, of: id, in: name, on: backend)
    }

    private func bytes(timeout: Duration?) async throws(TaskAwaitError) -> [UInt8] {
        guard let waiter, let published else {
            let partitions: TaskPartitions
            do throws(BellowsError) {
                partitions = try TaskPartitions(Definition.self)
            } catch {
                throw .backend(error)
            }
            return try await backend.awaitResult(of: id, in: partitions.partition(for: id), timeout: timeout)
        }
        return try await waiter.wait(
            run: published.run,
            looksFirst: published.disposition != .new,
            until: timeout.map { backend.timeSource.now + $0 }
        )
    }
}

extension Backend {
    /// The handle of a task, by its id.
    ///
    /// ```swift
    /// func quote(of id: TaskID, on backend: some Backend) async throws -> Int {
    ///     try await backend.task(Quote.self, id).wait(timeout: .seconds(10))
    /// }
    /// ```
    ///
    /// Nothing is sent; whether there is such a task shows when the handle is used.
    ///
    /// - Parameters:
    ///   - definition: the task's definition.
    ///   - id: its id.
    public func task<Definition: TaskDefinition>(
        _ definition: Definition.Type,
        _ id: TaskID
    ) -> AwaitableTask<Definition> where Definition.Trigger: PublishActivationStrategy {
        AwaitableTask(id: id, backend: self)
    }
}
