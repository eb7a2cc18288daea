package import Bellows
import BellowsTesting

/// Random operations of many clients on the backends of several processes, and what was wrong with them.
package struct HistoryRun: Sendable {
    /// What a run has brought.
    package struct Findings: Sendable {
        /// How many operations were noted.
        package let operations: Int
        /// How many of them have an unknown outcome.
        package let unknown: Int
        /// How many tasks were brought to an end.
        package let ended: Int
        /// What no order of the operations could explain.
        package let violations: [String]
        /// All that was noted.
        package let events: [HistoryEvent]
    }

    /// The definitions that a run works on, given its name.
    package static func names(of name: TaskName) throws -> [TaskName] {
        [name, try TaskName("\(name).singleton"), try TaskName("\(name).work")]
    }

    /// The backends, one for each process.
    package let backends: [any BackendInspecting]
    /// One that no fault touches; it brings the tasks to an end.
    package let calm: any BackendInspecting
    package let name: TaskName
    private let singleton: TaskName
    /// What dispatchers handle; the clients work on ``name`` by themselves.
    private let work: TaskName
    /// The same seed makes each client choose the same operations.
    package let seed: UInt64
    package let clientsPerBackend: Int
    package let lease = Duration.seconds(1)

    package init(
        backends: [any BackendInspecting],
        calm: any BackendInspecting,
        name: TaskName,
        seed: UInt64,
        clientsPerBackend: Int
    ) throws {
        (self.backends, self.calm, self.name, self.seed) = (backends, calm, name, seed)
        self.clientsPerBackend = clientsPerBackend
        let names = try Self.names(of: name)
        (singleton, work) = (names[1], names[2])
    }

    /// Runs the clients for as long as `faults` takes, then brings every task to an end and judges.
    ///
    /// - Parameters:
    ///   - isRuined: whether the faults remove everything, or set the clock of the store, so that less can be judged.
    ///   - allowance: what the machine itself may take beside the times that are promised.
    ///   - faults: what happens meanwhile.
    package func run(
        isRuined: Bool = false,
        allowance: Duration = .seconds(2),
        while faults: () async throws -> Void
    ) async throws -> Findings {
        let journal = HistoryJournal()
        let tasks = backends.enumerated().flatMap { index, backend in
            (0..<clientsPerBackend).map { number in
                var client = HistoryClient(
                    backend: backend,
                    name: name,
                    singleton: singleton,
                    lease: lease,
                    journal: journal,
                    generator: SeededGenerator(seed: seed &* 1_000_003 &+ UInt64(index * clientsPerBackend + number))
                )
                return Task {
                    while !Task.isCancelled { await client.act() }
                    return client.wanted
                }
            }
        }
        let workers = backends.enumerated().map { index, backend in
            let worker = HistoryWorker(backend: backend, name: work, lease: lease, journal: journal)
            return Task { await worker.run(seed: seed &* 1_000_033 &+ UInt64(10 * index)) }
        }
        defer { for task in workers { task.cancel() } }
        do {
            try await faults()
        } catch {
            for task in tasks { task.cancel() }
            throw error
        }
        for task in tasks { task.cancel() }
        for task in workers { task.cancel() }
        var wanted: Set<TaskID> = []
        for task in tasks { wanted.formUnion(await task.value) }
        var published: Set<TaskID> = []
        for task in workers { published.formUnion(await task.value) }
        let isOver = await bringToAnEnd(journal, wanted, published)
        let events = journal.events
        var violations = HistoryChecker(lease: lease, isRuined: isRuined, allowance: allowance)
            .violations(in: events, isOver: true)
        if !isOver { violations.append("some tasks could not be brought to an end in time") }
        return Findings(
            operations: events.count,
            unknown: events.count { $0.comparison?.outcome == .unknown },
            ended: events.count { $0.ending?.isFinal == true && $0.ending?.outcome == .done },
            violations: violations,
            events: events
        )
    }

    private func bringToAnEnd(
        _ journal: HistoryJournal,
        _ wanted: Set<TaskID>,
        _ published: Set<TaskID>
    ) async -> Bool {
        let worker = HistoryWorker(backend: calm, name: work, lease: lease, journal: journal)
        await worker.replaceDeadOwner(of: singleton, until: journal.now + MachineLoad.stretched(.seconds(60)))
        var client = HistoryClient(
            backend: calm,
            name: name,
            singleton: singleton,
            lease: lease,
            journal: journal,
            generator: SystemRandomNumberGenerator()
        )
        let end = journal.now + MachineLoad.stretched(.seconds(60))
        var isOver = true
        await client.finishAll { await isEmpty(name) || journal.now > end }
        await worker.finishAll { await isEmpty(work) || journal.now > end }
        for (name, ids) in [(name, wanted), (work, published)] {
            if await isEmpty(name) {
                await client.lookFinally(for: ids.sorted { $0.rawValue < $1.rawValue }, in: name)
            } else {
                isOver = false
            }
        }
        return isOver
    }

    private func isEmpty(_ name: TaskName) async -> Bool {
        // A store that does not answer is asked again.
        (try? await calm.statistics(of: name).isEmpty) ?? false
    }
}
