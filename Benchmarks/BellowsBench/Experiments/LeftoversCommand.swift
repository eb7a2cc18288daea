import ArgumentParser
import Bellows
import BellowsRedis
import RedisFixture

/// What 10,000 mixed tasks leave behind once their results and ids have expired. The hour is shortened to a second; the
/// answers to a process's calls are kept for ten minutes and are counted on their own.
struct LeftoversCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "leftovers")

    @Option(help: "How many tasks.") var count = 10_000

    func run() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let backend = try await RedisBackend.connect(server.url)
        let name = try TaskName("bench.leftovers")
        let handler = TaskHandler(
            name: name,
            options: TaskOptions(
                retry: RetryPolicy(maximumAttempts: 2, backoff: Backoff(base: .milliseconds(1)))
            )
        ) { payload, context in
            if payload == [2] && context.attempt == 1 { throw CancellationError() }
            return payload
        }
        let running = WorkerDispatcher(backend, handlers: handler).launch()
        var requests: [PublishRequest] = []
        for number in 0..<count {
            var options = PublishOptions()
            switch number % 4 {
            case 0: options.availability = .after(.milliseconds(number % 500))
            case 1:
                options.id = try TaskID("task-\(number)")
                options.deduplicationWindow = .seconds(1)
            case 2: options.resultRetention = .seconds(1)
            default: break
            }
            requests.append(PublishRequest(payload: [UInt8(number % 3)], options: options))
            if requests.count == 100 {
                _ = try await backend.publish(requests, to: name)
                requests = []
            }
        }
        let isEmpty = try await backend.waitUntilEmpty(name, atMost: .seconds(60))
        try await running.drain()
        backend.close()
        try await Task.sleep(for: .seconds(2))
        let probe = try RedisProbe(port: server.port)
        var kinds: [String: Double] = [:]
        if case .array(let keys) = try probe.command("KEYS", "*") {
            for key in keys.compactMap(\.text) {
                // A space separates the name from whose it is.
                let kind = key.split(separator: "}:").last?.split(separator: " ").first ?? ""
                kinds[key.contains("}") ? "keys_\(kind)" : "keys_marker", default: 0] += 1
            }
        }
        let audit = try await RedisBackend.audit(try RedisConfiguration(url: server.url))
        var report = Report(experiment: "leftovers")
        report.figures = kinds
        report.figures["tasks"] = Double(count)
        report.figures["audit_violations"] = Double(audit.violationCount)
        // Counters, the marker, and what expires by itself: answers, who waits, who looks at the time.
        let allowed: Set<String> = [
            "keys_meta", "keys_marker", "keys_replay", "keys_waiting", "keys_timekeepers", "keys_second-look",
        ]
        report.goals["only counters and what expires"] = isEmpty && audit.isClean && allowed.isSuperset(of: kinds.keys)
        try report.print()
    }
}
