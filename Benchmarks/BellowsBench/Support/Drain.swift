import Bellows
import BellowsRedis
import Synchronization

/// A dispatcher that runs until it has handled so many tasks.
final class Drain: Sendable {
    private let count: Int
    private let left: Atomic<Int>
    private let result: [UInt8]
    private let span = Mutex<(first: ContinuousClock.Instant?, last: ContinuousClock.Instant?)>((nil, nil))

    init(count: Int, result: [UInt8] = []) {
        self.count = count
        left = Atomic(count)
        self.result = result
    }

    /// Handles them. More may run until the drain is complete.
    func run(_ backend: RedisBackend, slots: Int) async throws {
        let (done, source) = AsyncStream.makeStream(of: Void.self)
        let handler = TaskHandler(name: try TaskName(BenchDefinition.name)) { [self] _, _ in
            let number = left.subtract(1, ordering: .relaxed).newValue
            if number == count - 1 { span.withLock { $0.first = .now } }
            if number == 0 {
                span.withLock { $0.last = .now }
                source.yield()
            }
            return result
        }
        let configuration = DispatcherConfiguration(maximumConcurrentTasks: slots)
        let running = WorkerDispatcher(backend, handlers: [handler], configuration: configuration).launch()
        var iterator = done.makeAsyncIterator()
        await iterator.next()
        try await running.drain()
    }

    /// Handles them.
    ///
    /// - Returns: how many a second, from the first to the last.
    func rate(_ backend: RedisBackend, slots: Int = 200) async throws -> Double {
        try await run(backend, slots: slots)
        return span.withLock { span in
            guard let first = span.first, let last = span.last, last > first else { return 0 }
            return Double(count - 1) / ((last - first) / .seconds(1))
        }
    }
}
