import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// A thousand workers, fifty in a process, whose connections are all cut at the same moment: they come back spread over
/// time, and a task is found when they have.
struct ReconnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "reconnect")

    @Option(help: "How many workers, each with connections of its own.") var workers = 1000

    func run() async throws {
        let server = try RedisServer.start(arguments: ["--maxclients", "\(2 * workers + 100)"])
        defer { server.stop() }
        let name = try TaskName("bench.reconnect")
        let each = 50
        let processes = try (0..<workers / each).map { _ in
            try ChildProcess(
                arguments: ["reconnect-workers", "--url", server.url, "--name", "\(name)", "--count", "\(each)"]
            )
        }
        defer { for process in processes { process.end() } }
        let probe = try RedisProbe(port: server.port)
        let isThere: () throws -> Bool = {
            // Two connections for each, and ours.
            try probe.info("connected_clients") >= Double(2 * workers + 1)
        }
        guard try await wait(atMost: .seconds(120), until: isThere) else {
            throw FixtureError("the workers did not connect")
        }
        // What they do when they have just come is over.
        try await Task.sleep(for: .seconds(2))
        let before = try probe.info("used_cpu_user") + probe.info("used_cpu_sys")
        let connections = try probe.info("total_connections_received")
        let cut = ContinuousClock.now
        for type in ["normal", "pubsub"] { try probe.command("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes") }
        // When each tenth and nine tenths of them are back.
        var times: [Double: Double] = [:]
        _ = try await wait(atMost: .seconds(60)) {
            let back = try probe.info("total_connections_received") - connections
            for share in [0.1, 0.5, 0.9] where times[share] == nil && back >= share * Double(2 * workers) {
                times[share] = (ContinuousClock.now - cut) / .seconds(1)
            }
            return try isThere()
        }
        let all = (ContinuousClock.now - cut) / .seconds(1)
        let publisher = try await RedisBackend.connect(server.url)
        let published = ContinuousClock.now
        _ = try await publisher.publish([PublishRequest(payload: [])], to: name)
        let isRun = try await publisher.waitUntilEmpty(name, atMost: .seconds(60))
        let start = (ContinuousClock.now - published) / .milliseconds(1)
        publisher.close()
        try await Task.sleep(for: .seconds(max(0, 10 - all)))
        let busy = try probe.info("used_cpu_user") + probe.info("used_cpu_sys")
        try await Task.sleep(for: .seconds(2))
        let rest = try probe.info("used_cpu_user") + probe.info("used_cpu_sys") - busy
        var report = Report(experiment: "reconnect")
        report.figures["workers"] = Double(workers)
        report.figures["connections_tried"] = try probe.info("total_connections_received") - connections
        report.figures["tenth_back_s"] = times[0.1] ?? 99
        report.figures["half_back_s"] = times[0.5] ?? 99
        report.figures["nine_tenths_back_s"] = times[0.9] ?? 99
        report.figures["all_back_s"] = all
        report.figures["redis_cpu_s"] = busy - before
        report.figures["redis_core_after_10_s_percent"] = rest / 2 * 100
        report.figures["task_done_ms"] = start
        report.goals["all are back <= 10 s, and a task is found"] = all <= 10 && isRun
        report.goals["spread >= 0.5 s"] = (times[0.9] ?? 99) - (times[0.1] ?? 99) >= 0.5
        report.goals["redis is idle again after 10 s"] = rest / 2 < 0.05
        try report.print()
    }
}

/// Some of the workers, with connections of their own.
struct ReconnectWorkersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "reconnect-workers", shouldDisplay: false)

    @Option var url: String
    @Option var name: String
    @Option var count: Int

    func run() async throws {
        let handler = TaskHandler(name: try TaskName(name)) { _, _ in [] }
        let backends = try (0..<count).map { _ in try RedisBackend(configuration: try RedisConfiguration(url: url)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for backend in backends { group.addTask { try await WorkerDispatcher(backend, handlers: handler).run() } }
            try await group.waitForAll()
        }
    }
}
