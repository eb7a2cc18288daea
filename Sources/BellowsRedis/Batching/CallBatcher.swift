import Bellows
import Synchronization

/// Joins concurrent calls of one verb for one definition into few script calls; each caller gets its own answers.
///
/// The script calls run on the control thread: a caller whose thread is blocked cannot hold up the others.
final class CallBatcher<Request: Sendable, Answer: Sendable>: Sendable {
    private struct Waiter: Sendable {
        let requests: [Request]
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Result<[Answer], BackendError>, Never>
    }

    private let queues = Mutex<[TaskName: BatchQueue<Waiter>]>([:])
    private let patience: Duration
    private let timeSource: any TimeSource
    private let perform: Perform

    /// One script call for a definition, with so much time left; it gives one answer for each request.
    typealias Perform = @Sendable (TaskName, [Request], Duration) async throws(BackendError) -> [Answer]

    /// Makes a batcher.
    ///
    /// - Parameters:
    ///   - patience: the time that a call has in all, with what it waits for others.
    ///   - timeSource: the clock.
    ///   - perform: one script call.
    init(patience: Duration, timeSource: any TimeSource, _ perform: @escaping Perform) {
        self.patience = patience
        self.timeSource = timeSource
        self.perform = perform
    }

    /// Makes a call.
    ///
    /// - Parameters:
    ///   - requests: what to do.
    ///   - name: the definition.
    ///   - bytes: how many bytes the requests have.
    ///   - exclusiveIDs: ids that may not stand twice in one script call.
    /// - Returns: one answer for each request.
    func call(
        _ requests: [Request],
        in name: TaskName,
        bytes: Int = 0,
        exclusiveIDs: [String] = []
    ) async throws(BackendError) -> [Answer] {
        guard !requests.isEmpty else { return [] }
        let deadline = timeSource.now + patience
        let result = await withCheckedContinuation { continuation in
            let entry = BatchQueue.Entry(
                item: Waiter(requests: requests, deadline: deadline, continuation: continuation),
                count: requests.count,
                bytes: bytes,
                exclusiveIDs: exclusiveIDs
            )
            let mustRun = queues.withLock { $0[name, default: BatchQueue()].add(entry) }
            if mustRun {
                Task(executorPreference: ControlThread.shared) { await self.run(name) }
            }
        }
        return try result.get()
    }

    private func run(_ name: TaskName) async {
        while true {
            let batch = takeNext(name)
            guard let deadline = batch.lazy.map(\.deadline).min() else { return }
            let result = await perform(name, batch, within: deadline - timeSource.now)
            var start = 0
            for waiter in batch {
                let end = start + waiter.requests.count
                waiter.continuation.resume(returning: result.map { Array($0[start..<end]) })
                start = end
            }
        }
    }

    private func perform(
        _ name: TaskName,
        _ batch: [Waiter],
        within time: Duration
    ) async -> Result<[Answer], BackendError> {
        // While Redis is away calls queue up; those at the end must not wait several times as long.
        guard time > .zero else {
            return .failure(BackendError(.unavailable, "Redis has not answered earlier calls in time"))
        }
        do {
            return .success(try await perform(name, batch.flatMap(\.requests), time))
        } catch {
            return .failure(error)
        }
    }

    private func takeNext(_ name: TaskName) -> [Waiter] {
        queues.withLock { queues in
            guard let batch = queues[name]?.takeNext() else { return [] }
            if queues[name]?.isIdle == true { queues[name] = nil }
            return batch
        }
    }
}
