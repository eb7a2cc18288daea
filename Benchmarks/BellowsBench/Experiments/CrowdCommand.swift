import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture
import Synchronization

/// A million tasks ready and a million due at one instant in one definition, a thousand dispatchers for it, and another
/// worker that serves it beside a thousand quiet definitions, whose tasks must not wait.
///
/// Twenty-two processes share this machine with redis-server, which therefore runs at the highest priority, if we may
/// set it: SLOWLOG counts the time during which a script's process does not run, too.
struct CrowdCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "crowd")

    @Option(help: "How many tasks of each kind.") var count = 1_000_000
    @Option(help: "How many quiet definitions.") var definitions = 1000
    @Option(help: "How many worker processes.") var processes = 20
    @Option(help: "How many dispatchers in each.") var dispatchers = 50

    func run() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let renice = try CommandOutput.of(["renice", "-n", "-20", "-p", "\(server.pid)"])
        let (backend, worker) = (
            try await RedisBackend.connect(server.url), try await RedisBackend.connect(server.url)
        )
        let hot = try TaskName("bench.hot")
        let quiet = try (0..<definitions).map { try TaskName("bench.quiet.\($0)") }
        let due = Date() + Double(count) / 20_000 + 5
        try await fill(backend, hot, PublishOptions())
        try await fill(backend, hot, PublishOptions(availability: .at(due)))
        let early = Date() < due

        let starts = Mutex<[TaskID: ContinuousClock.Instant]>([:])
        let handlers =
            [TaskHandler(name: hot) { _, _ in [] }]
            + quiet.map { name in
                TaskHandler(name: name) { _, context in
                    starts.withLock { $0[context.id] = .now }
                    return []
                }
            }
        let probe = try RedisProbe(port: server.port)
        for setting in [["slowlog-log-slower-than", "10000"], ["slowlog-max-len", "100000"]] {
            try probe.command("CONFIG", "SET", setting[0], setting[1])
        }
        try probe.command("SLOWLOG", "RESET")
        let callsBefore = try probe.scriptCalls()
        let running = WorkerDispatcher(worker, handlers: handlers).launch()
        let crowd = try (0..<processes).map { _ in
            try WorkerProcess.start(
                url: server.url,
                name: hot.rawValue,
                lease: 20_000,
                slots: 4,
                busy: 0,
                events: "/dev/null",
                dispatchers: dispatchers
            )
        }
        defer { for process in crowd { process.end() } }

        // Twenty processes that start at once on two cores are slow; what is measured is how they work.
        let channel = "bellows:2:{\(hot)}:wake"
        _ = try await wait(atMost: .seconds(60)) {
            let subscribers = try probe.command("PUBSUB", "NUMSUB", channel).elements?.last?.number ?? 0
            return subscribers == Int64(processes) + 1
        }
        _ = try await backend.publish([PublishRequest(payload: [1])], to: quiet[0])
        _ = try await wait(atMost: .seconds(60)) { starts.withLock { !$0.isEmpty } }
        var published: [(TaskID, ContinuousClock.Instant)] = []
        while try await !backend.statistics(of: hot).isEmpty {
            let name = quiet[published.count % quiet.count]
            let sent = ContinuousClock.now
            let tasks = try await backend.publish([PublishRequest(payload: [1])], to: name)
            published.append((tasks[0].id, sent))
            try await Task.sleep(for: .milliseconds(100))
        }
        _ = try await wait(atMost: .seconds(10)) { starts.withLock(\.count) == published.count + 1 }
        let calls = try probe.scriptCalls() - callsBefore
        let slow = try probe.command("SLOWLOG", "LEN").number ?? 0
        let statistics = try await backend.statistics(of: hot)
        running.cancel()
        let seen = starts.withLock { $0 }
        let waits = published.map { id, sent in seen[id].map { ($0 - sent) / .milliseconds(1) } ?? .infinity }.sorted()
        var report = Report(experiment: "crowd")
        report.figures["finished"] = Double(statistics.finishedTotal)
        report.figures["dispatchers"] = Double(processes * dispatchers + 1)
        report.figures["definitions"] = Double(definitions + 1)
        report.figures["script_calls"] = calls
        report.figures["server_has_priority"] = renice.contains("new priority -20") ? 1 : 0
        report.figures["calls_over_10_ms"] = Double(slow)
        report.figures["quiet_tasks"] = Double(waits.count)
        report.figures["quiet_start_p50_ms"] = waits[safe: waits.count / 2] ?? 0
        report.figures["quiet_start_max_ms"] = waits.last ?? 0
        report.goals["all were due at one instant"] = early
        report.goals["each finished once"] = statistics.finishedTotal == 2 * count && statistics.dead == 0
        report.goals["SLOWLOG p99.99 <= 10 ms"] = Double(slow) <= calls / 10_000
        report.goals["quiet definitions start <= 1 s"] = (waits.last ?? .infinity) <= 1000
        try report.print()
        backend.close()
        worker.close()
    }

    private func fill(_ backend: RedisBackend, _ name: TaskName, _ options: PublishOptions) async throws {
        let requests = [PublishRequest](
            repeating: PublishRequest(payload: [UInt8](repeating: 1, count: 100), options: options),
            count: 10_000
        )
        for _ in 0..<count / requests.count {
            for outcome in await backend.publish(contentsOf: requests, to: name) { _ = try outcome.get() }
        }
    }
}
