import ArgumentParser
import Bellows
import BellowsRedis
import BellowsTesting
import Foundation
import RedisFixture
import Synchronization

/// Cancels running tasks of another process: how soon the handler and the asker know, what happens when every message is
/// lost or the holder is gone, and whether both sides agree when the task ends at the same time.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "cancel")

    @Option(help: "How many running tasks are cancelled one after the other.") var count = 300
    @Option(help: "How many tasks end about when they are cancelled.") var races = 10_000

    private static let lease = Duration.seconds(3)

    func run() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let proxy = try FaultProxy(forwardingTo: server.port)
        let holder = try await RedisBackend.connect(proxy.url)
        let asker = try await RedisBackend.connect(server.url)
        defer { for backend in [holder, asker] { backend.close() } }
        let name = try TaskName("bench.cancel")
        let log = HandlerLog()
        let handler = TaskHandler(name: name) { payload, context in
            try await log.handle(payload, context)
        }
        let configuration = DispatcherConfiguration(
            maximumConcurrentTasks: 200,
            lease: LeasePolicy(duration: Self.lease)
        )
        let running = WorkerDispatcher(holder, handlers: handler, configuration: configuration).launch()
        var report = Report(experiment: "cancel")

        let (told, answered) = try await latencies(name, asker, log)
        report.figures["holder_told_p99_ms"] = Self.percentile(99, of: told)
        report.figures["answer_p50_ms"] = Self.percentile(50, of: answered)
        report.figures["answer_p99_ms"] = Self.percentile(99, of: answered)
        report.goals["holder p99 <= 5 ms"] = Self.percentile(99, of: told) <= 5
        report.goals["answer p99 <= 10 ms"] = Self.percentile(99, of: answered) <= 10

        let disagreements = try await race(name, asker)
        report.figures["races"] = Double(races)
        report.figures["disagreements"] = Double(disagreements)
        report.goals["asker and waiter agree"] = disagreements == 0

        proxy.swallowPubSubMessages(true)
        let (late, _) = try await latencies(name, asker, log, count: 3)
        report.figures["told_without_messages_max_s"] = (late.max() ?? 0) / 1000
        report.goals["without messages <= a third of a lease and 0.2 s"] =
            (late.max() ?? 99_999) / 1000 <= Self.lease / .seconds(3) + 0.2

        let (gone, ranAgain) = try await loseHolder(name, asker, log)
        report.figures["holder_gone_s"] = gone
        report.goals["holder gone <= a lease and 1 s, and it does not run again"] =
            gone <= Self.lease / .seconds(1) + 1 && !ranAgain
        running.cancel()
        try report.print()
    }

    /// Of sorted values.
    private static func percentile(_ percent: Int, of values: [Double]) -> Double {
        values.isEmpty ? 0 : values[min(values.count - 1, values.count * percent / 100)]
    }

    /// What handlers have seen.
    private final class HandlerLog: Sendable {
        private let begun = Mutex<Set<TaskID>>([])
        private let stopped = Mutex<[TaskID: ContinuousClock.Instant]>([:])

        /// A payload of digits is for how many microseconds it runs; any other runs until it is cancelled.
        func handle(_ payload: [UInt8], _ context: TaskContext) async throws -> [UInt8] {
            if let time = Int(String(decoding: payload, as: UTF8.self)) {
                try await Task.sleep(for: .microseconds(time))
                return []
            }
            begun.withLock { _ = $0.insert(context.id) }
            do {
                try await Task.sleep(for: .seconds(3600))
            } catch {
                stopped.withLock { $0[context.id] = .now }
                throw error
            }
            return []
        }

        func hasBegun(_ id: TaskID) -> Bool { begun.withLock { $0.contains(id) } }
        func stop(of id: TaskID) -> ContinuousClock.Instant? { stopped.withLock { $0[id] } }
    }

    /// Milliseconds until the handler was cancelled, and until the asker knew how the task ended.
    private func latencies(
        _ name: TaskName,
        _ asker: RedisBackend,
        _ log: HandlerLog,
        count: Int? = nil
    ) async throws -> (told: [Double], answered: [Double]) {
        let fleet = Fleet(asker)
        let parts = try TaskPartitions(name, count: 1)
        var (told, answered): ([Double], [Double]) = ([], [])
        for _ in 0..<(count ?? self.count) {
            let id = try await asker.publish([PublishRequest(payload: Array("wait".utf8))], to: name)[0].id
            _ = try await wait(atMost: .seconds(60)) { log.hasBegun(id) }
            let asked = ContinuousClock.now
            let end = try await fleet.cancel([id], in: parts, reason: "bench", waiting: .seconds(60)).first
            answered.append((.now - asked) / .milliseconds(1))
            guard end == .cancelled, let stop = log.stop(of: id) else {
                throw FixtureError("a running task ended as \(end.map { "\($0)" } ?? "nothing")")
            }
            told.append((stop - asked) / .milliseconds(1))
        }
        return (told.sorted(), answered.sorted())
    }

    /// Cancels tasks about when they end, and counts those of which asker and waiter were told different things.
    private func race(_ name: TaskName, _ asker: RedisBackend) async throws -> Int {
        let fleet = Fleet(asker)
        let parts = try TaskPartitions(name, count: 1)
        var disagreements = 0
        for _ in 0..<max(1, races / 100) {
            disagreements += try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        let payload = Array("\(Int.random(in: 0...3000))".utf8)
                        let options = PublishOptions(resultRetention: .seconds(60), announcesResult: true)
                        let request = PublishRequest(payload: payload, options: options)
                        let id = try await asker.publish([request], to: name)[0].id
                        try await Task.sleep(for: .microseconds(Int.random(in: 0...4000)))
                        async let told = fleet.cancel([id], in: parts, reason: "race", waiting: .seconds(60)).first
                        var seen = CancelOutcome.finished
                        do throws(TaskAwaitError) {
                            _ = try await asker.awaitResult(of: id, in: name, timeout: .seconds(60))
                        } catch {
                            if case .taskCancelled = error { seen = .cancelled } else { seen = .unknown }
                        }
                        return try await told == seen
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 0 : 1 }
            }
        }
        return disagreements
    }

    /// Seconds until a task whose holder is gone has ended as cancelled, and whether a handler had it again.
    private func loseHolder(
        _ name: TaskName,
        _ asker: RedisBackend,
        _ log: HandlerLog
    ) async throws -> (seconds: Double, ranAgain: Bool) {
        let other = try TaskName("\(name).lost")
        let id = try await asker.publish([PublishRequest(payload: Array("wait".utf8))], to: other)[0].id
        // Whoever claims it here never reports it, as if the process had been killed.
        let request = ClaimRequest(name: other, selection: .earliest(1), lease: Self.lease)
        guard case .claimed = try await asker.claim(request) else { throw FixtureError("it could not be claimed") }
        let handler = TaskHandler(name: other) { payload, context in try await log.handle(payload, context) }
        let running = WorkerDispatcher(asker, handlers: handler).launch()
        defer { running.cancel() }
        let asked = ContinuousClock.now
        let parts = try TaskPartitions(other, count: 1)
        let end = try await Fleet(asker).cancel([id], in: parts, reason: "bench", waiting: .seconds(60)).first
        guard end == .cancelled else { throw FixtureError("the task of a lost holder did not end as cancelled") }
        return ((.now - asked) / .seconds(1), log.hasBegun(id))
    }
}
