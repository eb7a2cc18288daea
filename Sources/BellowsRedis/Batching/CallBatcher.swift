import Bellows
import BellowsRuntime
import Synchronization

/// Joins concurrent calls for one definition into few script calls; each caller gets its own answers.
///
/// Script calls are made on the event loop, at the end of its turn: a caller whose thread is blocked cannot hold up
/// the others, and all that was asked for in the turn goes out together. Only where there is nothing to join, and the
/// connection is idle, a caller makes its call itself.
final class CallBatcher<Request: Sendable, Answer: Sendable>: Sendable {
    private struct Waiter: Sendable {
        let requests: [Request]
        let count: Int
        let deadline: ContinuousClock.Instant
        let continuation: UnsafeContinuation<Result<[Answer], BellowsError>, Never>
    }

    private let queues = Mutex<[TaskName: BatchQueue<Waiter>]>([:])
    private let patience: Duration
    /// What a call needs at least of it.
    private let least: Duration
    private let timeSource: EventLoop
    private let isIdle: @Sendable (TaskName) -> Bool
    private let perform: Perform

    /// Takes one answer for each request of a script call. Called once.
    typealias Completion = @Sendable (Result<[Answer], BellowsError>) -> Void
    /// One script call for a definition, with so much time left.
    typealias Perform = @Sendable (TaskName, [Request], Duration, @escaping Completion) -> Void

    /// Makes a batcher.
    ///
    /// - Parameters:
    ///   - patience: the time that a call has in all, with what it waits for others.
    ///   - timeSource: the clock, and the thread that makes the calls.
    ///   - isIdle: whether a caller should make its script call itself, because nothing is under way that others could
    ///     join and the connection takes it at once.
    ///   - perform: one script call.
    init(
        patience: Duration,
        timeSource: EventLoop,
        isIdle: @escaping @Sendable (TaskName) -> Bool = { _ in false },
        _ perform: @escaping Perform
    ) {
        self.patience = patience
        least = ScriptRunner.CallBudget(time: patience).least
        self.timeSource = timeSource
        self.isIdle = isIdle
        self.perform = perform
    }

    /// Makes a call.
    ///
    /// - Parameters:
    ///   - requests: what to do.
    ///   - name: the definition.
    ///   - count: how many tasks the requests are about; nil if each is about one.
    ///   - bytes: how many bytes the requests have.
    ///   - exclusiveIDs: ids that may not stand twice in one script call.
    ///   - mode: what joined calls must have in common.
    /// - Returns: one answer for each request.
    func call(
        _ requests: [Request],
        in name: TaskName,
        count: Int? = nil,
        bytes: Int = 0,
        exclusiveIDs: [String] = [],
        mode: Int64? = nil
    ) async throws(BellowsError) -> [Answer] {
        guard !requests.isEmpty else { return [] }
        let deadline = timeSource.now + patience
        let result = await withUnsafeContinuation { continuation in
            let count = count ?? requests.count
            let entry = BatchQueue.Entry(
                item: Waiter(requests: requests, count: count, deadline: deadline, continuation: continuation),
                count: count,
                bytes: bytes,
                exclusiveIDs: exclusiveIDs,
                mode: mode,
                deadline: deadline
            )
            let mustFlush = queues.withLock { $0[name, default: BatchQueue()].add(entry) }
            guard mustFlush else { return }
            if isIdle(name) { flush(name) } else { arrangeFlush(name) }
        }
        return try result.get()
    }

    private func arrangeFlush(_ name: TaskName) {
        timeSource.atTurnEnd { self.flush(name) }
    }

    private func flush(_ name: TaskName) {
        while true {
            let now = timeSource.now
            let (batch, late) = takeNext(name, after: now + least)
            for waiter in late {
                // While Redis is away calls queue up; those at the end must not wait several times as long.
                let problem = BellowsError(.unavailable, "Redis has not answered earlier calls in time")
                waiter.continuation.resume(returning: .failure(problem))
            }
            guard let deadline = batch.lazy.map(\.deadline).min() else { return }
            let time = deadline - now
            var requests = batch[0].requests
            for waiter in batch.dropFirst() { requests += waiter.requests }
            perform(name, requests, time) { self.end(batch, name, $0) }
        }
    }

    private func end(_ batch: [Waiter], _ name: TaskName, _ result: Result<[Answer], BellowsError>) {
        let count = batch.reduce(0) { $0 + $1.count }
        let mustFlush = queues.withLock { queues in
            guard let mustFlush = queues[name]?.ended(count: count) else { return false }
            if queues[name]?.isIdle == true { queues[name] = nil }
            return mustFlush
        }
        if mustFlush { arrangeFlush(name) }
        switch result {
        case .success(let answers):
            var start = 0
            for waiter in batch {
                let end = start + waiter.requests.count
                waiter.continuation.resume(returning: .success(Array(answers[start..<end])))
                start = end
            }
        case .failure: for waiter in batch { waiter.continuation.resume(returning: result) }
        }
    }

    private func takeNext(
        _ name: TaskName,
        after limit: ContinuousClock.Instant
    ) -> (items: [Waiter], late: [Waiter]) {
        queues.withLock { queues in
            guard let next = queues[name]?.takeNext(after: limit) else { return ([], []) }
            if queues[name]?.isIdle == true { queues[name] = nil }
            return next
        }
    }
}
