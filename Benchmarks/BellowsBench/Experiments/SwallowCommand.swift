import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture
import Synchronization

/// A way to Redis that swallows every pub/sub message and nothing else: a task waits for the next sweep at most.
struct SwallowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "swallow")

    @Option(help: "How many tasks, one after the other.") var count = 2

    func run() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let proxy = try FaultProxy(forwardingTo: server.port)
        let worker = try await RedisBackend.connect(proxy.url)
        let publisher = try await RedisBackend.connect(server.url)
        defer { for backend in [worker, publisher] { backend.close() } }
        let name = try TaskName("bench.swallow")
        let started = Mutex<ContinuousClock.Instant?>(nil)
        let handler = TaskHandler(name: name) { _, _ in
            started.withLock { $0 = .now }
            return []
        }
        let running = WorkerDispatcher(worker, handlers: handler).launch()
        // One that is signalled, so that the worker waits for the next.
        _ = try await publisher.publish([PublishRequest(payload: [])], to: name)
        _ = try await wait(atMost: .seconds(10)) { started.withLock { $0 != nil } }
        proxy.swallowPubSubMessages(true)
        var delays: [Double] = []
        for _ in 0..<count {
            started.withLock { $0 = nil }
            // Not right after a sweep, nor right before one.
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...5000)))
            let published = ContinuousClock.now
            _ = try await publisher.publish([PublishRequest(payload: [])], to: name)
            _ = try await wait(atMost: .seconds(60)) { started.withLock { $0 != nil } }
            delays.append(started.withLock { $0.map { ($0 - published) / .seconds(1) } } ?? 999)
        }
        running.cancel()
        var report = Report(experiment: "swallow")
        report.figures["tasks"] = Double(count)
        report.figures["delay_max_s"] = delays.max() ?? 999
        report.goals["a task waits <= 30 s"] = (delays.max() ?? 999) <= 30
        try report.print()
    }
}
