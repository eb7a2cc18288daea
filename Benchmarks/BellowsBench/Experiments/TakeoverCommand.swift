import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture
import Synchronization

/// kill -9 of the process that owns a singleton, and a clean end of its dispatcher: when another one takes over, and that
/// no two run at once. Then a drain of a worker whose tasks outlast its grace: when they start elsewhere.
struct TakeoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "takeover")

    @Option(help: "Milliseconds of a lease.") var lease = 2000
    @Option(help: "How often the owner is killed.") var rounds = 3
    @Option(help: "How many processes want to be it.") var processes = 5

    func run() async throws {
        var takeovers: [Double] = []
        var overlaps = 0
        for _ in 0..<rounds {
            let bench = try await WorkerBench(
                lease: lease,
                slots: 1,
                busy: 300_000,
                workers: processes,
                isSingleton: true
            )
            defer { bench.end() }
            _ = try await wait(atMost: .seconds(10)) { try !bench.events.lines().isEmpty }
            // Half a lease later the owner has renewed once or is about to.
            try await Task.sleep(for: .milliseconds(lease))
            let owner = try bench.events.lines().first.map { $0[3] }
            guard let victim = bench.workers.first(where: { "\($0.pid)" == owner }) else {
                takeovers.append(.infinity)
                continue
            }
            victim.signal(SIGKILL)
            let killed = sharedClock()
            _ = try await wait(atMost: .seconds(20)) { try bench.events.lines().count > 1 }
            let starts = try bench.events.lines().filter { $0[0] == "start" }
            takeovers.append(starts.dropFirst().first.flatMap { Double($0[4]) }.map { $0 - killed } ?? .infinity)
            overlaps += starts.dropFirst().count { Double($0[4]).map { $0 < killed } ?? true }
        }
        let handOvers = try await handOver()
        let releases = try await giveBack()
        var report = Report(experiment: "takeover")
        report.figures["lease_s"] = Double(lease) / 1000
        report.figures["kills"] = Double(takeovers.count)
        report.figures["takeover_max_s"] = takeovers.max() ?? .infinity
        report.figures["overlapping_owners"] = Double(overlaps)
        report.goals["takeover <= lease + 1 s"] = (takeovers.max() ?? .infinity) <= Double(lease) / 1000 + 1
        report.figures["hand_overs"] = Double(handOvers.count)
        report.figures["hand_over_max_ms"] = handOvers.max() ?? .infinity
        report.figures["hand_over_median_ms"] = handOvers.sorted()[safe: handOvers.count / 2] ?? .infinity
        report.goals["one owner"] = overlaps == 0
        report.goals["clean hand-over <= 10 ms"] = (handOvers.max() ?? .infinity) <= 10
        report.figures["released"] = Double(releases.count)
        report.figures["released_restart_max_ms"] = releases.max() ?? 9999
        report.goals["released tasks start elsewhere <= 0.5 s"] =
            releases.count == 20 && releases.allSatisfy { $0 <= 500 }
        try report.print()
    }

    /// Drains one of two dispatchers while it is busy with tasks that outlast its grace.
    ///
    /// - Returns: for each task that was given back, the milliseconds from the end of its handler to its start elsewhere.
    private func giveBack() async throws -> [Double] {
        let server = try RedisServer.start()
        defer { server.stop() }
        let name = try TaskName("bench.giveback")
        let journal = Mutex<(starts: Int, ended: [TaskID: ContinuousClock.Instant], times: [Double])>((0, [:], []))
        let handler = TaskHandler(name: name) { _, context in
            journal.withLock { journal in
                journal.starts += 1
                if let ended = journal.ended[context.id] {
                    journal.times.append((ContinuousClock.now - ended) / .milliseconds(1))
                }
            }
            defer { journal.withLock { $0.ended[context.id] = .now } }
            try await Task.sleep(for: .seconds(3600))
            return []
        }
        let configuration = DispatcherConfiguration(maximumConcurrentTasks: 20, shutdownGrace: .milliseconds(200))
        let backends = [try await RedisBackend.connect(server.url), try await RedisBackend.connect(server.url)]
        let first = WorkerDispatcher(backends[0], handlers: handler, configuration: configuration).launch()
        _ = try await backends[0].publish(Array(repeating: PublishRequest(payload: []), count: 20), to: name)
        _ = try await wait(atMost: .seconds(10)) { journal.withLock { $0.starts == 20 } }
        let heir = WorkerDispatcher(backends[1], handlers: handler, configuration: configuration).launch()
        // It waits for tasks by then.
        try await Task.sleep(for: .milliseconds(500))
        try await first.drain()
        _ = try await wait(atMost: .seconds(30)) { journal.withLock { $0.times.count == 20 } }
        heir.cancel()
        for backend in backends { backend.close() }
        return journal.withLock(\.times)
    }

    /// Stops the owner among three dispatchers again and again.
    ///
    /// - Returns: for each time the milliseconds from the end of the old owner's handler to the start of the next one's.
    private func handOver() async throws -> [Double] {
        let server = try RedisServer.start()
        defer { server.stop() }
        let name = try TaskName("bench.handover")
        let journal = Mutex<(owner: Int, ended: ContinuousClock.Instant?, times: [Double])>((-1, nil, []))
        var workers: [(backend: RedisBackend, running: RunningDispatcher)] = []
        func add(_ number: Int) async throws {
            let backend = try await RedisBackend.connect(server.url)
            let handler = TaskHandler(singleton: name) { _ in
                journal.withLock { journal in
                    if let ended = journal.ended {
                        journal.times.append((ContinuousClock.now - ended) / .milliseconds(1))
                    }
                    (journal.owner, journal.ended) = (number, nil)
                }
                defer { journal.withLock { $0.ended = .now } }
                try await Task.sleep(for: .seconds(3600))
                return .now
            }
            workers.append((backend, WorkerDispatcher(backend, handlers: handler).launch()))
        }
        for number in 0..<3 { try await add(number) }
        for round in 0..<10 {
            _ = try await wait(atMost: .seconds(10)) { journal.withLock { $0.owner >= 0 && $0.ended == nil } }
            // Everybody else waits by now.
            try await Task.sleep(for: .milliseconds(100))
            let owner = journal.withLock(\.owner)
            workers[owner].running.cancel()
            try await add(3 + round)
        }
        _ = try await wait(atMost: .seconds(10)) { journal.withLock { $0.times.count == 10 } }
        for worker in workers {
            worker.running.cancel()
            worker.backend.close()
        }
        return journal.withLock(\.times)
    }
}
