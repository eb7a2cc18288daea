import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// What an idle worker sends, as MONITOR shows it, and how soon a task starts after FLUSHALL.
struct IdleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "idle")

    @OptionGroup var target: ServerOption
    @Option(help: "For how many seconds.") var seconds = 60
    @Option(help: "How many definitions the worker handles.") var definitions = 1

    func run() async throws {
        let server = try target.start()
        defer { server.stop() }
        let worker = try await RedisBackend.connect(server.url)
        let (starts, source) = AsyncStream.makeStream(of: ContinuousClock.Instant.self)
        let handlers = try (0..<definitions).map { number in
            TaskHandler(name: try TaskName("bench.idle.\(number)")) { _, _ in
                source.yield(.now)
                return []
            }
        }
        let running = WorkerDispatcher(worker, handlers: handlers).launch()
        // One task proves that everything is in place before counting starts.
        let publisher = try await RedisBackend.connect(server.url)
        let name = try TaskName("bench.idle.0")
        var iterator = starts.makeAsyncIterator()
        _ = try await publisher.publish([PublishRequest(payload: [])], to: name)
        _ = await iterator.next()
        _ = try await publisher.waitUntilEmpty(name, atMost: .seconds(5))
        // What a task starts with comes before the first looks at the other definitions: those are waited for.
        let probe = try RedisProbe(port: server.port)
        var calls = -1.0
        for _ in 0..<10 where try probe.scriptCalls() != calls {
            calls = try probe.scriptCalls()
            try await Task.sleep(for: .seconds(1))
        }

        let monitor = try RedisMonitor(port: server.port)
        try await Task.sleep(for: .seconds(seconds))
        let commands = try monitor.stop().filter { !$0.contains("lua]") }

        _ = try probe.command("FLUSHALL")
        let begin = ContinuousClock.now
        _ = try await publisher.publish([PublishRequest(payload: [])], to: name)
        let start = await iterator.next() ?? .now
        try await running.drain()
        var report = Report(experiment: "idle")
        report.figures["seconds"] = Double(seconds)
        report.figures["definitions"] = Double(definitions)
        report.figures["commands"] = Double(commands.count)
        report.figures["ms_from_publish_after_flushall_to_start"] = (start - begin) / .milliseconds(1)
        report.goals["<= 3 commands a minute"] = Double(commands.count) <= 3 * max(1, Double(seconds) / 60)
        report.goals["a task starts <= 1 s after FLUSHALL"] = start - begin <= .seconds(1)
        try report.print()
        worker.close()
        publisher.close()
    }
}
