import Bellows
import BellowsTesting

/// A definition that is divided into parts.
enum PartitionChecks {
    static let all = [
        ConformanceCheck("partitions: every task is run once, whichever part it belongs to") { environment in
            let bench = try await environment.workbench("partitions.all")
            let partitions = try TaskPartitions(bench.name, count: 4)
            let probe = EventProbe<TaskID>()
            let handler = TaskHandler(name: bench.name, options: TaskOptions(partitions: 4)) { _, context in
                probe.record(context.id)
                return []
            }
            try await dispatching(handler, on: bench.other) { _ in
                let requests = (0..<80).map { PublishRequest(payload: [$0]) }
                let published = try await bench.backend.publish(requests, to: partitions)
                try expectEqual(published.count, 80, "answers")
                let used = Set(published.map { partitions.partition(for: $0.id) })
                try expectEqual(used, Set(partitions.names), "parts that have tasks")
                try await probe.wait(forCount: 80, of: "runs")
                try expectEqual(Set(probe.events), Set(published.map(\.id)), "the tasks that have run")
            }
            try expectEqual(probe.events.count, 80, "runs")
        },
        ConformanceCheck("partitions: an id is taken once, and its task is found by its id") { environment in
            let bench = try await environment.workbench("partitions.id")
            let partitions = try TaskPartitions(bench.name, count: 8)
            let id = try TaskID("one")
            let request = PublishRequest(payload: [1], options: PublishOptions(id: id, resultRetention: .seconds(60)))
            for disposition in [PublishedTask.Disposition.new, .alreadyPublished] {
                let published = try await bench.backend.publish([request], to: partitions)
                try expectEqual(published.map(\.disposition), [disposition], "the disposition")
            }
            let handler = TaskHandler(name: bench.name, options: TaskOptions(partitions: 8)) { payload, _ in
                payload + [2]
            }
            try expectEqual(try await bench.other.runTaskOnce(handler, id: id), .done, "the run")
            let result = try await bench.backend.awaitResult(of: id, in: partitions.partition(for: id))
            try expectEqual(result, [1, 2], "the result")
            try expectEqual(try await bench.other.runTaskOnce(handler), .retrySoon, "another run")
        },
        ConformanceCheck("partitions: a worker of a divided definition runs what was published undivided") {
            environment in
            let bench = try await environment.workbench("partitions.plain")
            try await bench.publish("x")
            let handler = TaskHandler(name: bench.name, options: TaskOptions(partitions: 3)) { payload, _ in payload }
            try expectEqual(try await bench.other.runTaskOnce(handler), .done, "the run")
        },
        ConformanceCheck("partitions: another number than the store's is refused, to publishers and workers") {
            environment in
            let bench = try await environment.workbench("partitions.count")
            _ = try bench.capability((any PartitionCountRegistry).self)
            let request = PublishRequest(payload: [1])
            _ = try await bench.backend.publish([request], to: TaskPartitions(bench.name, count: 4))
            for count in [1, 5] {
                try await expectMismatch("a publish to \(count)") {
                    _ = try await bench.backend.publish([request], to: TaskPartitions(bench.name, count: count))
                }
                let handler = TaskHandler(name: bench.name, options: TaskOptions(partitions: count)) { _, _ in [] }
                try await expectMismatch("a dispatcher with \(count)") {
                    try await WorkerDispatcher(bench.backend, handlers: handler).run()
                }
            }
        },
    ]

    private static func expectMismatch(_ what: String, _ body: () async throws -> Void) async throws {
        let error = try await expectThrows(BellowsError.self, what, body)
        try expectEqual(error.code, .layoutMismatch, "the code for \(what)")
    }
}
