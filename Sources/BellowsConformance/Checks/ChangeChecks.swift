import Bellows
import BellowsTesting

/// What changing tasks that wait promises.
enum ChangeChecks {
    static let all = [
        ConformanceCheck("reschedule: what waits comes at its new time, what runs is left alone") { environment in
            let bench = try await environment.workbench("reschedule")
            let managing = try bench.capability((any BackendManaging).self)
            let running = try await bench.publish("runs").id
            let task = try await bench.claimOne()
            let ready = try await bench.publish("ready").id
            let delayed = try await bench.publish("later", options: .init(availability: .after(.seconds(500)))).id
            let later = try await managing.reschedule([ready, running], in: bench.name, to: .after(environment.unit))
            try expectEqual(later, [.done, .leased], "moving to later")
            guard case .after(let wait) = try await bench.claimNothing() else {
                throw ConformanceFailure("a claim is not told when the task is due")
            }
            try expect(wait <= environment.unit, "it is due in \(wait)")
            let sooner = try await managing.reschedule([delayed, TaskID()], in: bench.name, to: .now)
            try expectEqual(sooner, [.done, .unknown], "moving to now")
            try expectEqual(try await bench.drain(), ["later"], "what is due now")
            await environment.advance(by: environment.unit)
            try expectEqual(try await bench.drain(), ["ready"], "what is due then")
            try expectEqual(try await bench.finish(task), .done, "finishing what runs")
            try expectEqual(try await managing.reschedule([], in: bench.name, to: .now), [], "moving nothing")
        },
        ConformanceCheck("reschedule: who waits for tasks hears of it") { environment in
            let bench = try await environment.workbench("reschedule-heard")
            let managing = try bench.capability((any BackendManaging).self)
            let reader = SignalReader(try await bench.backend.subscribe(to: [.tasks(bench.name)]))
            try await reader.expect(.checkEverything)
            let id = try await bench.publish("later", options: .init(availability: .after(.seconds(500)))).id
            _ = try await managing.reschedule([id], in: bench.name, to: .now)
            try await reader.wait(for: "the task") { signal in
                switch signal {
                case .available(bench.name), .availableHere(bench.name), .checkEverything: true
                default: false
                }
            }
        },
        ConformanceCheck("update: the record is replaced if it is the one that was read, and attempts stay") {
            environment in
            let bench = try await environment.workbench("update")
            let managing = try bench.capability((any BackendManaging).self)
            let inspecting = try bench.capability((any BackendInspecting).self)
            let id = try await bench.publish("one", options: .init(headers: ["a": "b"])).id
            try expectEqual(try await bench.fail(bench.claimOne(), .retry(.now)), .done, "failing")
            let read = try await inspecting.inspect([id], in: bench.name, withPayload: true)[0]
            guard var record = read?.record, let digest = read?.digest else {
                throw ConformanceFailure("a task that waits has no record: \(read as Any)")
            }
            record.payload = Array("two".utf8)
            let first = try await managing.update(id, in: bench.name, to: record, from: digest)
            try expectEqual(first, .done, "the first update")
            let second = try await managing.update(id, in: bench.name, to: record, from: digest)
            try expectEqual(second, .changed, "an update from what was read before")
            let task = try await bench.claimOne()
            try expectEqual(task.record.payload, Array("two".utf8), "the payload")
            try expectEqual(task.record.headers, ["a": "b"], "the headers")
            try expectEqual(task.attempt, 2, "the attempt")
            let running = try await inspecting.inspect([id], in: bench.name, withPayload: true)[0]?.digest ?? digest
            let late = try await managing.update(id, in: bench.name, to: record, from: running)
            try expectEqual(late, .leased, "an update while it runs")
            try expectEqual(try await bench.fail(task, .dead), .done, "giving up")
            let dead = try await inspecting.inspect([id], in: bench.name, withPayload: true)[0]
            try expectEqual(dead?.payload, Array("two".utf8), "the payload of a dead letter")
            try expect(dead?.record == nil && dead?.digest == nil, "a dead letter has a record to change")
            let unknown = try await managing.update(TaskID(), in: bench.name, to: record, from: digest)
            try expectEqual(unknown, .unknown, "an update of no task")
        },
        ConformanceCheck("update, reschedule: what no publish would take is refused") { environment in
            let bench = try await environment.workbench("change-refused")
            let managing = try bench.capability((any BackendManaging).self)
            let digest = RecordDigest("")
            let large = TaskRecord(payload: [UInt8](repeating: 0, count: bench.backend.limits.payload + 1))
            try await expectThrows(BellowsError.self, "a large payload") {
                _ = try await managing.update(TaskID(), in: bench.name, to: large, from: digest)
            }
            try await expectThrows(BellowsError.self, "a singleton") {
                _ = try await managing.update(.singleton, in: bench.name, to: TaskRecord(payload: []), from: digest)
            }
            let far = Availability.after(Availability.maximumDelay + .seconds(1))
            for (ids, availability) in [([TaskID()], far), ([.singleton], .now)] {
                try await expectThrows(BellowsError.self, "\(availability)") {
                    _ = try await managing.reschedule(ids, in: bench.name, to: availability)
                }
            }
        },
    ]
}
