import Bellows

/// What a backend shows that can be looked into. A backend without the capability has nothing to show.
enum InspectionChecks {
    static let all = [
        ConformanceCheck("inspection: each state is counted") { environment in
            let bench = try await environment.workbench("states")
            let inspecting = try bench.capability((any BackendInspecting).self)
            try expectEqual(try await inspecting.statistics(of: bench.name), TaskStatistics(), "no data")
            for text in ["finished", "dead", "retried", "leased", "ready"] { try await bench.publish(text) }
            try await bench.publish("delayed", options: PublishOptions(availability: .after(.seconds(600))))
            try expectEqual(try await bench.finish(try await bench.claimOne()), .done, "finishing")
            try expectEqual(try await bench.fail(try await bench.claimOne(), .dead), .done, "giving up")
            let retried = try await bench.claimOne()
            try expectEqual(try await bench.fail(retried, .retry(.after(.seconds(600)))), .done, "failing")
            _ = try await bench.claimOne()
            let statistics = try await inspecting.statistics(of: bench.name)
            let expected = TaskStatistics(
                ready: 1,
                delayed: 2,
                leased: 1,
                dead: 1,
                finishedTotal: 1,
                failedAttemptsTotal: 2
            )
            try expectEqual(statistics, expected, "counts")
            let names = try await inspecting.definitionNames()
            try expect(names.contains(bench.name), "the definition is not among those with data")
        },
        ConformanceCheck("inspection: a task can be followed from state to state") { environment in
            let bench = try await environment.workbench("follow")
            let inspecting = try bench.capability((any BackendInspecting).self)
            try expectEqual(try await inspecting.inspect(TaskID(), in: bench.name), nil, "an unknown task")
            let options = PublishOptions(headers: ["h": "1"], announcesResult: true)
            let id = try await bench.publish("12345", options: options).id
            let ready = try await state(of: id, bench, inspecting)
            try expectEqual(ready.state, .ready, "after the publish")
            try expectEqual(ready.attempt, 0, "attempts before the first claim")
            try expectEqual(ready.headers, ["h": "1"], "headers")
            try expectEqual(ready.payloadSize, 5, "bytes of the payload")
            let task = try await bench.claimOne()
            let leased = try await state(of: id, bench, inspecting)
            try expectEqual(leased.state, .leased, "after the claim")
            try expectEqual(leased.attempt, 1, "attempts after the claim")
            try expect(leased.leaseEnd != nil, "the end of the lease is not shown")
            let outcome = try await bench.fail(task, .retry(.after(.seconds(600))), error: "why")
            try expectEqual(outcome, .done, "failing")
            let delayed = try await state(of: id, bench, inspecting)
            try expectEqual(delayed.state, .delayed, "after the failure")
            try expectEqual(delayed.lastError, "why", "the error of the last attempt")
            try expect(delayed.due != nil, "the due time is not shown")
        },
        ConformanceCheck("inspection: finished and dead tasks are shown for as long as they are known") { environment in
            let bench = try await environment.workbench("ended")
            let inspecting = try bench.capability((any BackendInspecting).self)
            let finished = try await bench.publish("x", options: PublishOptions(announcesResult: true)).id
            try expectEqual(try await bench.finish(try await bench.claimOne()), .done, "finishing")
            try expectEqual(try await state(of: finished, bench, inspecting).state, .finished, "after the end")
            let dead = try await bench.publish("y").id
            try expectEqual(try await bench.fail(try await bench.claimOne(), .dead, error: "no"), .done, "giving up")
            let letter = try await state(of: dead, bench, inspecting)
            try expectEqual(letter.state, .dead, "after the death")
            try expectEqual(letter.lastError, "no", "the reason")
            try expectEqual(letter.attempt, 1, "attempts of a dead task")
        },
        ConformanceCheck("inspection: a dead letter counts the attempts that a worker has seen") { environment in
            let bench = try await environment.workbench("used-up")
            let inspecting = try bench.capability((any BackendInspecting).self)
            let id = try await bench.publish("x").id
            _ = try await bench.claimOne(lease: bench.shortLease)
            await environment.advance(by: bench.shortLease)
            let second = try await bench.claimOne()
            try expectEqual(second.attempt, 2, "the second attempt")
            // It has used up its only attempt, so nobody is given it.
            let request = FailRequest(lease: second.lease, disposition: .dead, error: "used up", countsAttempt: false)
            try expectEqual(try await bench.backend.fail([request], in: bench.name), [.done], "giving up")
            try expectEqual(try await state(of: id, bench, inspecting).attempt, 1, "attempts of a dead task")
            let letters = try await inspecting.deadLetters(of: bench.name, offset: 0, limit: 10)
            try expectEqual(letters.map(\.attempt), [1], "attempts of the dead letter")
        },
        ConformanceCheck("inspection: dead letters are listed, the latest first, retried and deleted") { environment in
            let bench = try await environment.workbench("dead-letters")
            let inspecting = try bench.capability((any BackendInspecting).self)
            let managing = try bench.capability((any BackendManaging).self)
            var ids: [TaskID] = []
            for text in ["a", "b", "c"] {
                ids.append(try await bench.publish(text).id)
                let task = try await bench.claimOne()
                try expectEqual(try await bench.fail(task, .dead, error: "reason \(text)"), .done, "giving up")
                await environment.advance(by: .milliseconds(5))
            }
            let all = try await inspecting.deadLetters(of: bench.name, offset: 0, limit: 10)
            try expectEqual(all.map(\.id), ids.reversed(), "the latest first")
            try expectEqual(all.map(\.reason), ["reason c", "reason b", "reason a"], "reasons")
            try expectEqual(all.map(\.attempt), [1, 1, 1], "attempts")
            let page = try await inspecting.deadLetters(of: bench.name, offset: 1, limit: 1)
            try expectEqual(page.map(\.id), [ids[1]], "a page")
            let deleted = try await managing.deleteDeadLetters([ids[0], TaskID()], of: bench.name)
            try expectEqual(deleted, [true, false], "deletions")
            let retried = try await managing.retryDeadLetters([TaskID(), ids[2]], of: bench.name)
            try expectEqual(retried, [false, true], "retries")
            let again = try await bench.claimOne()
            try expectEqual(again.id, ids[2], "the retried task")
            try expectEqual(again.attempt, 1, "its fresh count of attempts")
            try expectEqual(again.record.payload, Array("c".utf8), "its payload")
            let rest = try await inspecting.deadLetters(of: bench.name, offset: 0, limit: 10)
            try expectEqual(rest.map(\.id), [ids[1]], "the rest")
        },
        ConformanceCheck("inspection: a retried dead letter is alive for whoever waits for its result") { environment in
            let bench = try await environment.workbench("revived")
            let inspecting = try bench.capability((any BackendInspecting).self)
            let managing = try bench.capability((any BackendManaging).self)
            let published = try await bench.publish("x", options: PublishOptions(announcesResult: true))
            try expectEqual(try await bench.fail(try await bench.claimOne(), .dead), .done, "giving up")
            let retried = try await managing.retryDeadLetters([published.id], of: bench.name)
            try expectEqual(retried, [true], "the retry")
            try expectEqual(try await bench.result(of: published.id), .pending, "the result after the retry")
            try expectEqual(try await bench.finish(try await bench.claimOne(), result: [8]), .done, "finishing")
            try expectEqual(try await bench.result(of: published.id), .finished([8]), "the result")
        },
        ConformanceCheck("inspection: a singleton is shown apart from the published tasks") { environment in
            let bench = try await environment.workbench("singleton")
            let inspecting = try bench.capability((any BackendInspecting).self)
            try expectEqual(try await inspecting.inspect(.singleton, in: bench.name), nil, "before its first run")
            let task = try await bench.claimOne(.singleton)
            try expectEqual(try await state(of: .singleton, bench, inspecting).state, .leased, "while it runs")
            let statistics = try await inspecting.statistics(of: bench.name)
            try expect(statistics.isEmpty, "a singleton counts as a published task: \(statistics)")
            try expectEqual(try await bench.finish(task, nextRun: .after(.seconds(600))), .done, "finishing")
            try expectEqual(try await state(of: .singleton, bench, inspecting).state, .delayed, "between its runs")
        },
    ]

    private static func state(
        of id: TaskID,
        _ bench: Workbench,
        _ inspecting: any BackendInspecting
    ) async throws -> TaskInspection {
        guard let inspection = try await inspecting.inspect(id, in: bench.name) else {
            throw ConformanceFailure("the task \(id) is not known")
        }
        return inspection
    }
}
