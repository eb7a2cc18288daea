import Logging
import Synchronization
import TestTurns
import Testing

@testable import Bellows
@testable import BellowsRuntime
@testable import BellowsTesting

@Suite(.turn) struct WorkerPoolTests {
    /// The reports of a pool.
    private let reports = EventProbe<SlotID>()
    private let pool: WorkerPool

    init() {
        pool = WorkerPool(time: EventLoop.shared) { [reports] slot, _ in reports.record(slot) }
    }

    private func attempt(
        _ slot: UInt64,
        _ body: @escaping @Sendable (TaskContext) async throws -> Void
    ) throws -> WorkerPool.Attempt {
        let name = try TaskName("test.task")
        let handler = TaskHandler(name: name) { _, context in
            try await body(context)
            return []
        }
        let lease = Lease(name: name, kind: .published, id: TaskID(), token: LeaseToken("1:a"), duration: .seconds(9))
        let task = ClaimedTask(lease: lease, attempt: 1, record: TaskRecord(payload: []))
        let live = TaskContext.Live(deadline: MonotonicInstant(ContinuousClock.now))
        return WorkerPool.Attempt(
            slot: SlotID(number: slot),
            handler: handler,
            resolver: AttemptResolver(handler, limits: TaskLimits()),
            task: task,
            context: TaskContext(task: task, logger: Logger(label: "test"), live: live)
        )
    }

    @Test func oneTaskRunsAttemptAfterAttempt() async throws {
        let first = pool.start(try attempt(1) { _ in })
        try await reports.wait(forCount: 1)
        let second = pool.start(try attempt(2) { _ in })
        try await reports.wait(forCount: 2)
        #expect(first === second)
        pool.close()
    }

    @Test func attemptsThatAreThereTogetherRunTogether() async throws {
        let gates = [Gate(), Gate()]
        let runners = try (0...1).map { index in
            pool.start(try attempt(UInt64(index)) { _ in await gates[index].wait() })
        }
        #expect(runners[0] !== runners[1])
        gates[1].open()
        #expect(try await reports.wait(forCount: 1) == [SlotID(number: 1)])
        gates[0].open()
        try await reports.wait(forCount: 2)
        pool.close()
    }

    @Test func cancellingReachesTheRunningAttemptOnly() async throws {
        let runner = pool.start(try attempt(1) { _ in })
        try await reports.wait(forCount: 1)
        // The first attempt has ended: its cancellation comes too late, and must not hit the second one.
        let gate = Gate()
        let cancelled = Mutex(false)
        _ = pool.start(
            try attempt(2) { _ in
                await gate.wait()
                cancelled.withLock { $0 = Task.isCancelled }
            }
        )
        runner.cancel(SlotID(number: 1))
        gate.open()
        try await reports.wait(forCount: 2)
        #expect(!cancelled.withLock { $0 })
        pool.close()
    }

    @Test func aCancelledTaskRunsNothingElse() async throws {
        let runner = pool.start(
            try attempt(1) { _ in
                while !Task.isCancelled { await Task.yield() }
            }
        )
        runner.cancel(SlotID(number: 1))
        try await reports.wait(forCount: 1)
        let cancelled = Mutex(true)
        let next = pool.start(try attempt(2) { _ in cancelled.withLock { $0 = Task.isCancelled } })
        try await reports.wait(forCount: 2)
        #expect(next !== runner)
        #expect(!cancelled.withLock { $0 })
        pool.close()
    }

    @Test func aClosedPoolKeepsNoTask() async throws {
        let gate = Gate()
        weak var running: WorkerPool.Runner?
        weak var idle: WorkerPool.Runner?
        running = pool.start(try attempt(1) { _ in await gate.wait() })
        idle = pool.start(try attempt(2) { _ in })
        try await reports.wait(forCount: 1)
        pool.close()
        gate.open()
        try await reports.wait(forCount: 2)
        while running != nil || idle != nil {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    /// Lets an attempt end when the test wants it.
    private struct Gate {
        private let stream: AsyncStream<Void>
        private let source: AsyncStream<Void>.Continuation

        init() { (stream, source) = AsyncStream.makeStream() }

        func open() { source.finish() }
        func wait() async { for await _ in stream {} }
    }
}
