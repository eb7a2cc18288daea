import Bellows
import BellowsTesting

/// What becomes of tasks that a newer version of the library has stored: nothing, until a worker of that version comes.
enum NewerRecordChecks {
    /// Records that this version does not know: each flag that is free, some together, beside known ones, and formats to
    /// come.
    static let records: [[UInt8]] = [
        [1, 8, 1, 2, 9], [1, 16, 2, 9], [1, 32, 200, 1, 9], [1, 64, 1, 9], [1, 128, 2, 9], [1, 128, 128, 1, 9],
        [1, 24, 1, 2, 2], [1, 8 | 4, 0, 1, 2], [1, 255, 255], [2], [8, 0, 9],
    ]
    /// A record that this version knows.
    static let plainRecord: [UInt8] = [1, 0, 9]

    static let all = [
        ConformanceCheck("newer: a record of a newer version is handed out as such, not as damaged") { environment in
            let plantRecord = try planting(environment)
            let bench = try await environment.workbench("told")
            for record in records {
                let id = TaskID()
                try await plantRecord(record, id, bench.name)
                let task = try await bench.claimOne()
                try expectEqual(task.id, id, "the task with the record \(record)")
                try expect(task.newer != nil && task.malformed == nil, "\(record) is not told to be newer")
                try expectEqual(try await bench.release(task), .done, "giving it back")
                try expectEqual(try await bench.finish(try await bench.claimOne(.id(id))), .done, "finishing")
            }
        },
        ConformanceCheck("newer: a dispatcher gives it back uncounted, alive, and runs others meanwhile") {
            environment in
            let plantRecord = try planting(environment)
            let bench = try await environment.workbench("given-back")
            var newer: [TaskID] = []
            for record in records {
                newer.append(TaskID())
                try await plantRecord(record, newer[newer.count - 1], bench.name)
            }
            try await runOthers(bench, 3)
            for id in newer {
                let task = try await claimLater(id, on: bench)
                try expectEqual(task.attempt, 1, "the attempt after it was given back")
                try expect(task.newer != nil, "it is a task of a newer version still")
                try expectEqual(try await bench.finish(task), .done, "finishing")
            }
            try await expectNoneDead(bench, finished: newer.count + 3)
        },
        ConformanceCheck("newer: a task that the library made for itself is given back, not run, not dead") {
            environment in
            let plantRecord = try planting(environment)
            let bench = try await environment.workbench("own")
            let ids = [TaskID(unchecked: "~relay"), TaskID(unchecked: "~flow 1"), TaskID(unchecked: "~broken")]
            try await plantRecord(plainRecord, ids[0], bench.name)
            try await plantRecord(plainRecord, ids[1], bench.name)
            try await plantRecord([0x7F], ids[2], bench.name)
            try await runOthers(bench, 3)
            for id in ids {
                let task = try await claimLater(id, on: bench)
                try expectEqual(task.attempt, 1, "the attempt after it was given back")
                try expectEqual(try await bench.finish(task), .done, "finishing")
            }
            try await expectNoneDead(bench, finished: ids.count + 3)
        },
        ConformanceCheck("newer: in a fleet of two versions each task runs once, where it is known") { environment in
            let plantRecord = try planting(environment)
            let bench = try await environment.workbench("fleet")
            let runs = EventProbe<Run>()
            func handler(ofNewer isOfNewer: Bool) -> TaskHandler {
                recording(bench.name) { runs.record(Run(isOfNewer: isOfNewer, id: $0)) }
            }
            var (known, unknown): (Set<TaskID>, Set<TaskID>) = ([], [])
            func plantAll() async throws {
                for record in records {
                    let id = TaskID()
                    try await plantRecord(record, id, bench.name)
                    unknown.insert(id)
                    known.insert(try await bench.publish("known").id)
                }
            }
            func waitForRuns(of ids: Set<TaskID>, _ what: String) async throws {
                try await environment.wait(on: runs, passing: .seconds(300), for: what) {
                    ids.isSubset(of: $0.map(\.id))
                }
            }
            // First the older version is alone, then both are there, in the end only the newer one. Who of the two gets a
            // task, and when, is a matter of chance.
            try await plantAll()
            try await dispatching(handler(ofNewer: false), on: bench.backend, slots: 4) { old in
                try await waitForRuns(of: known, "what it knows")
                let next = NextVersionBackend(wrapped: bench.other)
                try await dispatching(handler(ofNewer: true), on: next, slots: 4) { _ in
                    try await plantAll()
                    try await waitForRuns(of: known, "what both know")
                    try await old.drain()
                    try await waitForRuns(of: unknown, "what only one knows")
                }
            }
            let events = runs.events
            try expectEqual(events.count, known.count + unknown.count, "runs")
            try expectEqual(Set(events.map(\.id)), known.union(unknown), "tasks that ran")
            let wrong = events.filter { !$0.isOfNewer && unknown.contains($0.id) }
            try expectEqual(wrong.count, 0, "newer tasks that the older version ran")
            try await expectNoneDead(bench, finished: events.count)
        },
        ConformanceCheck("newer: a single attempt gives it back, says when to call again, and looks for others") {
            environment in
            let plantRecord = try planting(environment)
            let bench = try await environment.workbench("once")
            let runs = EventProbe<TaskID>()
            let handler = recording(runs, bench.name)
            let (named, first) = (TaskID(), TaskID())
            try await plantRecord([1, 16, 2], named, bench.name)
            guard case .retry(let delay) = try await bench.backend.runTaskOnce(handler, id: named) else {
                throw ConformanceFailure("who cannot run a task is not told to come back later")
            }
            try expect(delay >= .seconds(5) && delay <= .seconds(60), "told to come back in \(delay)")
            try await plantRecord([2], first, bench.name)
            let sound = try await bench.publish("known").id
            try expectEqual(try await bench.backend.runTaskOnce(handler), .done, "the run of what stands behind it")
            try expectEqual(runs.events, [sound], "runs")
            guard case .retry = try await bench.backend.runTaskOnce(handler) else {
                throw ConformanceFailure("who finds tasks of a newer version only is not told to come back later")
            }
            // On real time nobody waits for the minute that it is left alone.
            guard environment.isManual else { return }
            for id in [named, first] { try expectEqual(try await claimLater(id, on: bench).attempt, 1, "the attempt") }
        },
    ]

    private static func planting(_ environment: ConformanceEnvironment) throws
        -> @Sendable ([UInt8], TaskID, TaskName)
        async throws -> Void
    {
        guard let plantRecord = environment.plantRecord else {
            throw NotApplicable("the environment cannot plant records of other versions")
        }
        return plantRecord
    }

    /// One run in a fleet of two versions.
    private struct Run {
        let isOfNewer: Bool
        let id: TaskID
    }

    private static func recording(_ runs: EventProbe<TaskID>, _ name: TaskName) -> TaskHandler {
        recording(name) { runs.record($0) }
    }

    private static func recording(_ name: TaskName, _ record: @escaping @Sendable (TaskID) -> Void) -> TaskHandler {
        TaskHandler(name: name, options: TaskOptions(retry: RetryPolicy(maximumAttempts: 1))) { _, context in
            record(context.id)
            return []
        }
    }

    /// Runs a dispatcher with one slot until it has run what was published behind everything else.
    private static func runOthers(_ bench: Workbench, _ count: Int) async throws {
        let runs = EventProbe<TaskID>()
        var published: [TaskID] = []
        for _ in 0..<count { published.append(try await bench.publish("known").id) }
        try await dispatching(recording(runs, bench.name), on: bench.backend, slots: 1) { _ in
            try await runs.wait(forCount: count, of: "runs of what it knows")
        }
        try expectEqual(runs.events, published, "runs")
    }

    /// Claims a task as soon as it may be handed out again.
    private static func claimLater(_ id: TaskID, on bench: Workbench) async throws -> ClaimedTask {
        for _ in 0..<10 {
            let outcome = try await bench.claim(.id(id))
            switch outcome {
            case .claimed(let tasks, _) where tasks.count == 1: return tasks[0]
            case .leased(for: let delay), .unavailable(.after(let delay)):
                try expect(delay <= .seconds(60), "\(id) is left alone for \(delay)")
                await bench.environment.advance(by: delay)
            default: throw ConformanceFailure("\(id) cannot be claimed: \(outcome)")
            }
        }
        throw ConformanceFailure("\(id) is put off again and again")
    }

    private static func expectNoneDead(_ bench: Workbench, finished: Int) async throws {
        guard let backend = bench.backend.capability((any BackendInspecting).self) else { return }
        let statistics = try await backend.statistics(of: bench.name)
        try expectEqual(statistics, TaskStatistics(finishedTotal: finished), "counts in the end")
    }
}
