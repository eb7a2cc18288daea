import Bellows
import BellowsRedis
import Synchronization

/// Publishers and a worker that go on until told, and a ledger of what they did.
final class Load: Sendable {
    let ledger = Ledger()
    let publisher: RedisBackend
    private let worker: RedisBackend
    private let running: RunningDispatcher
    private let publishers: Task<Void, any Error>
    private let name: TaskName
    private let cancelled = CancelledRuns()

    /// Runs that took long.
    var longRuns: Int { cancelled.long.load(ordering: .relaxed) }
    /// Runs whose handler was cancelled.
    var cancelledRuns: Int { cancelled.count.load(ordering: .relaxed) }

    /// Starts it.
    ///
    /// - Parameters:
    ///   - url: where.
    ///   - lanes: how many publishers.
    ///   - durability: what publishers ask for; only what has it counts as acknowledged.
    ///   - lease: how long leases last.
    ///   - longRun: how long a handler takes now and then; the others end at once.
    init(
        url: String,
        lanes: Int = 16,
        durability: PublishDurability = .acknowledged,
        lease: Duration = .seconds(3),
        longRun: Duration? = nil
    ) async throws {
        let name = try TaskName("bench.load")
        let ledger = ledger
        let publisher = try await RedisBackend.connect(url)
        worker = try await RedisBackend.connect(url)
        self.publisher = publisher
        self.name = name
        let handler = TaskHandler(name: name) { [cancelled] payload, context in
            ledger.run(context.id)
            if let longRun, Int.random(in: 0..<1000) == 0 {
                cancelled.long.add(1, ordering: .relaxed)
                // Whoever is cancelled runs again elsewhere: that is what is counted.
                try? await Task.sleep(for: longRun)
            }
            if Task.isCancelled { cancelled.count.add(1, ordering: .relaxed) }
            return payload
        }
        let configuration = DispatcherConfiguration(
            maximumConcurrentTasks: 64,
            lease: LeasePolicy(duration: lease)
        )
        running = WorkerDispatcher(worker, handlers: [handler], configuration: configuration).launch()
        publishers = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<lanes {
                    group.addTask {
                        while !Task.isCancelled {
                            let request = PublishRequest(
                                payload: [UInt8](repeating: 120, count: 100),
                                options: PublishOptions(durability: durability)
                            )
                            let published = try await publishStubbornly(publisher, request, to: name)
                            if published.durability.isAsWished { ledger.acknowledge(published.id) }
                            try await Task.sleep(for: .milliseconds(5))
                        }
                    }
                }
                group.addTask {
                    while !Task.isCancelled {
                        try await Self.awaitOne(publisher, name, ledger, durability)
                        try await Task.sleep(for: .milliseconds(5))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Publishes one task under an id that the library makes, and awaits its result.
    private static func awaitOne(
        _ backend: RedisBackend,
        _ name: TaskName,
        _ ledger: Ledger,
        _ durability: PublishDurability
    ) async throws {
        let payload = Array(TaskID().rawValue.utf8)
        var options = PublishOptions(durability: durability)
        (options.resultRetention, options.announcesResult) = (.seconds(60), true)
        do {
            let published = try await backend.publish([PublishRequest(payload: payload, options: options)], to: name)[0]
            if published.durability.isAsWished { ledger.acknowledge(published.id) }
            let result = try await backend.awaitResult(of: published.id, in: name, timeout: .seconds(20))
            ledger.receive(isOwn: result == payload)
        } catch let error as BellowsError where error.isRetryable {
            // It may be stored, and nobody knows its id.
        } catch is TaskAwaitError {
            // Lost with a server, or not in time: the ledger says whether it has run.
        }
    }

    /// Stops publishing, waits for what was acknowledged, and says what became of it.
    func finish(_ experiment: String) async throws -> Report {
        publishers.cancel()
        do { try await publishers.value } catch is CancellationError {}
        let drained = try await publisher.waitUntilEmpty(name, atMost: .seconds(30))
        try await running.drain()
        let statistics = try await publisher.statistics(of: name)
        publisher.close()
        worker.close()
        var report = Report(experiment: experiment)
        report.figures["acknowledged"] = Double(ledger.acknowledged)
        report.figures["lost"] = Double(ledger.lost)
        report.figures["repeated_runs"] = Double(ledger.repeated)
        report.figures["finished_total"] = Double(statistics.finishedTotal)
        report.figures["dead"] = Double(statistics.dead)
        let mixUps = ledger.mixUps
        report.figures["results_awaited"] = Double(mixUps.results)
        report.figures["results_of_others"] = Double(mixUps.crossed)
        report.figures["ids_reused"] = Double(mixUps.reused)
        report.goals["no id reused, no result of others"] = mixUps.crossed == 0 && mixUps.reused == 0
        report.goals["lost 0"] = drained && ledger.lost == 0
        return report
    }
}

/// How many handlers were cancelled.
private final class CancelledRuns: Sendable {
    let count = Atomic(0)
    let long = Atomic(0)
}

extension PublishedTask.Durability {
    fileprivate var isAsWished: Bool { if case .notReplicated = self { false } else { true } }
}
