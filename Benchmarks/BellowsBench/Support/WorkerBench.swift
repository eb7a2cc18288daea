import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// A private redis-server, a backend to publish and look with, and worker processes that write to one file.
final class WorkerBench: Sendable {
    let server: RedisServer
    let backend: RedisBackend
    let name: TaskName
    let events: EventFile
    let workers: [ChildProcess]

    init(
        lease: Int,
        slots: Int,
        busy: Int,
        workers count: Int,
        dispatchers: Int = 1,
        isSingleton: Bool = false,
        on target: ServerOption? = nil,
        arguments: [String] = [],
        server: RedisServer? = nil,
        environment: [String: String] = [:]
    ) async throws {
        let server =
            try server ?? target?.start(arguments: arguments) ?? RedisServer.start(arguments: arguments)
        let events = try EventFile(
            path: NSTemporaryDirectory() + "bellows-bench-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        )
        let name = try TaskName("bench.work")
        self.server = server
        self.events = events
        self.name = name
        backend = try await RedisBackend.connect(server.url)
        workers = try (0..<count).map { _ in
            try WorkerProcess.start(
                url: server.url,
                name: name.rawValue,
                lease: lease,
                slots: slots,
                busy: busy,
                events: events.path,
                dispatchers: dispatchers,
                isSingleton: isSingleton,
                environment: environment
            )
        }
    }

    /// Publishes empty tasks.
    func publish(_ count: Int) async throws {
        var left = count
        while left > 0 {
            let part = min(left, VerbLimits.publishedTasks)
            _ = try await backend.publish(Array(repeating: PublishRequest(payload: []), count: part), to: name)
            left -= part
        }
    }

    func end() {
        for worker in workers { worker.end() }
        server.stop()
        unlink(events.path)
    }
}
