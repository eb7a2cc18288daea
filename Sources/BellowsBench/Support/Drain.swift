import Bellows
import BellowsRedis
import Synchronization

/// A dispatcher that runs until it has handled so many tasks.
final class Drain: Sendable {
    private let left: Atomic<Int>
    private let result: [UInt8]

    init(count: Int, result: [UInt8] = []) {
        left = Atomic(count)
        self.result = result
    }

    func run(_ backend: RedisBackend, slots: Int) async throws {
        let (done, source) = AsyncStream.makeStream(of: Void.self)
        let handler = TaskHandler(name: try TaskName(BenchDefinition.name)) { [self] _, _ in
            if left.subtract(1, ordering: .relaxed).newValue == 0 { source.yield() }
            return result
        }
        let configuration = DispatcherConfiguration(maximumConcurrentTasks: slots)
        let running = WorkerDispatcher(backend, handlers: [handler], configuration: configuration).launch()
        var iterator = done.makeAsyncIterator()
        await iterator.next()
        try await running.drain()
    }
}
