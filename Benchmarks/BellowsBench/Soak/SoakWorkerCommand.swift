import ArgumentParser
import Bellows
import BellowsRedis
import Foundation

/// A worker process of a soak, which notes each start and each end of a handler.
struct SoakWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "soak-worker", shouldDisplay: false)

    @Option var url: String
    @Option(help: "Milliseconds.") var lease: Int
    @Option var events: String

    func run() async throws {
        let events = try EventFile(path: events)
        var configuration = try RedisConfiguration(url: url)
        configuration.commandTimeout = .seconds(10)
        let backend = try RedisBackend(configuration: configuration)
        let handlers = try SoakKind.allCases.map { try Self.handler($0, events) } + [try Self.singleton(events)]
        let dispatcher = WorkerDispatcher(
            backend,
            handlers: handlers,
            configuration: DispatcherConfiguration(
                maximumConcurrentTasks: 32,
                lease: LeasePolicy(duration: .milliseconds(lease)),
                shutdownGrace: .seconds(2)
            )
        )
        try await dispatcher.runUntilTerminated()
        backend.close()
    }

    private static func handler(_ kind: SoakKind, _ events: EventFile) throws -> TaskHandler {
        let backoff = Backoff(base: .milliseconds(20), maximum: .milliseconds(200))
        return TaskHandler(
            name: kind.rawValue,
            kind: .published,
            options: TaskOptions(
                retry: RetryPolicy(maximumAttempts: 1000, backoff: backoff),
                partitions: try kind.partitions.count
            )
        ) { task, context in
            await noting(kind.rawValue, context, events) {
                // The payload is a number and a time, for most kinds that of the publish.
                let parts = String(decoding: task.record.payload, as: UTF8.self).split(separator: " ")
                let time = parts.last.flatMap { Int($0) } ?? 0
                switch kind {
                case .plain, .given, .divided:
                    try await Task.sleep(for: .milliseconds(Int.random(in: 0...20)))
                    return .success([], nextRun: nil)
                case .retried:
                    return context.attempt == 1 ? .error("the first attempt fails") : .success([], nextRun: nil)
                case .delayed:
                    // The scripts count whole milliseconds.
                    let early = time - sharedMilliseconds()
                    if early > 1 { events.append("early \(kind.rawValue) \(context.id) \(time)") }
                    return .success([], nextRun: nil)
                case .awaited:
                    return .success(task.record.payload, nextRun: nil)
                case .doomed:
                    return .failure(.dead(reason: "as it should"))
                case .repeated:
                    let isYoung = sharedMilliseconds() < time + 300
                    return .success([], nextRun: isYoung ? .after(.milliseconds(300)) : nil)
                }
            }
        }
    }

    private static func singleton(_ events: EventFile) throws -> TaskHandler {
        TaskHandler(name: SoakKind.singleton, kind: .singleton, options: TaskOptions()) {
            _,
            context in
            await noting(SoakKind.singleton, context, events) {
                try await Task.sleep(for: .milliseconds(Int.random(in: 50...400)))
                return .success([], nextRun: .after(.milliseconds(100)))
            }
        }
    }

    /// Notes start and end, and until when the lease was ours as far as we knew at the end.
    private static func noting(
        _ name: String,
        _ context: TaskContext,
        _ events: EventFile,
        _ body: () async throws -> AttemptResult
    ) async -> AttemptResult {
        let pid = getpid()
        events.append("start \(name) \(context.id) \(context.attempt) \(pid) \(sharedMilliseconds())")
        var result: AttemptResult
        do {
            result = try await body()
        } catch {
            result = .error("cancelled")
        }
        let left = Int((context.leaseDeadline - ContinuousClock.now) / .milliseconds(1))
        let now = sharedMilliseconds()
        let word = if case .success = result { "ok" } else { "failed" }
        events.append("end \(name) \(context.id) \(context.attempt) \(pid) \(now) \(now + left) \(word)")
        return result
    }
}
