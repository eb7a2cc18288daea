import Bellows
import Synchronization

/// Joins concurrent calls of one verb for one definition into few script calls; each caller gets its own answers.
///
/// The script calls run on the control thread: a caller whose thread is blocked cannot hold up the others.
final class CallBatcher<Request: Sendable, Answer: Sendable>: Sendable {
    private struct Waiter: Sendable {
        let requests: [Request]
        let continuation: CheckedContinuation<Result<[Answer], BackendError>, Never>
    }

    private let queues = Mutex<[TaskName: BatchQueue<Waiter>]>([:])
    private let perform: @Sendable (TaskName, [Request]) async throws(BackendError) -> [Answer]

    /// Makes a batcher.
    ///
    /// - Parameter perform: one script call; it gives one answer for each request.
    init(_ perform: @escaping @Sendable (TaskName, [Request]) async throws(BackendError) -> [Answer]) {
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
        let result = await withCheckedContinuation { continuation in
            let entry = BatchQueue.Entry(
                item: Waiter(requests: requests, continuation: continuation),
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
            guard !batch.isEmpty else { return }
            do {
                let answers = try await perform(name, batch.flatMap(\.requests))
                var start = 0
                for waiter in batch {
                    let end = start + waiter.requests.count
                    waiter.continuation.resume(returning: .success(Array(answers[start..<end])))
                    start = end
                }
            } catch {
                for waiter in batch { waiter.continuation.resume(returning: .failure(error)) }
            }
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
