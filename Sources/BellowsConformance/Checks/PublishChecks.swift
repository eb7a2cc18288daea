import Bellows
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What publishing promises.
enum PublishChecks {
    static let all = [
        ConformanceCheck("publish: a task is claimed with its id, payload and headers, as attempt 1") { environment in
            let bench = try await environment.workbench("handed-out")
            let options = PublishOptions(headers: ["trace": "00-1", "empty": ""])
            let published = try await bench.publish("hello", options: options)
            try expectEqual(published.disposition, .new, "a first publish")
            try expect(published.run != nil, "a new task has a run id")
            let task = try await bench.claimOne(by: bench.other)
            try expectEqual(task.id, published.id, "the id on both sides")
            try expectEqual(task.record.payload, Array("hello".utf8), "the payload")
            try expectEqual(task.record.headers, options.headers, "the headers")
            try expectEqual(task.attempt, 1, "the first attempt")
            try expectEqual(task.lease.kind, .published, "the kind")
            try expectEqual(task.lease.name, bench.name, "the lease's definition")
            try expectEqual(task.malformed, nil, "a sound record")
        },
        ConformanceCheck("publish: a list of 100 is answered in its order, each with an id of its own") { environment in
            let bench = try await environment.workbench("list")
            let requests = (0..<100).map { PublishRequest(payload: Array("\($0)".utf8)) }
            let answers = try await bench.backend.publish(requests, to: bench.name)
            try expectEqual(answers.count, 100, "answers")
            try expectEqual(Set(answers.map(\.id)).count, 100, "different ids")
            try expectEqual(Set(answers.compactMap(\.run)).count, 100, "different run ids")
            let outcome = try await bench.claim(.earliest(100))
            guard case .claimed(let tasks, _) = outcome else { throw ConformanceFailure("nothing claimed: \(outcome)") }
            try expectEqual(tasks.map(\.id), answers.map(\.id), "ids in the order of the list")
            try expectEqual(tasks.map(\.record.payload), requests.map(\.payload), "payloads in the order of the list")
        },
        ConformanceCheck("publish: a caller's id is stored once while the task waits, runs or is dead") { environment in
            let bench = try await environment.workbench("id-once")
            let options = PublishOptions(id: try TaskID("order-17"))
            let first = try await bench.publish("first", options: options)
            try expectEqual(first.id, options.id, "the caller's id")
            try await expectAlreadyThere(bench, options, "waits")
            let task = try await bench.claimOne()
            try expectEqual(task.record.payload, Array("first".utf8), "the payload of the first publish")
            try await expectAlreadyThere(bench, options, "runs")
            try expectEqual(try await bench.fail(task, .retry(.after(.seconds(3600)))), .done, "failing")
            try await expectAlreadyThere(bench, options, "waits for a retry")
            let delayed = PublishOptions(id: try TaskID("order-18"))
            _ = try await bench.publish("second", options: delayed)
            try expectEqual(try await bench.fail(try await bench.claimOne(), .dead), .done, "giving up")
            try await expectAlreadyThere(bench, delayed, "is dead", .alreadyDead)
        },
        ConformanceCheck("publish: a caller's id stays taken for its window after the task has ended") { environment in
            let bench = try await environment.workbench("id-window")
            let window = environment.unit * 2
            let options = PublishOptions(id: try TaskID("daily"), deduplicationWindow: window)
            _ = try await bench.publish("first", options: options)
            let task = try await bench.claimOne()
            try expectEqual(task.record.deduplicationWindow, window, "the window in the record")
            try expectEqual(try await bench.finish(task), .done, "finishing")
            let start = environment.now
            let repeated = try await bench.publish("second", options: options)
            if environment.now - start < window {
                try expectEqual(repeated.disposition, .alreadyFinished, "publishing within the window")
                try expectEqual(repeated.run, nil, "the run of a task that was not new")
            }
            await environment.advance(by: window)
            if repeated.disposition == .alreadyFinished {
                let third = try await bench.publish("third", options: options)
                try expectEqual(third.disposition, .new, "publishing after the window")
            }
            try expectEqual(try await bench.claimOne().attempt, 1, "the attempt of a new task with an old id")
        },
        ConformanceCheck("publish: known and new ids in one list get their own answers") { environment in
            let bench = try await environment.workbench("id-mixed")
            _ = try await bench.publish("known", options: PublishOptions(id: try TaskID("b")))
            let requests = try ["a", "b", "c"].map {
                PublishRequest(payload: Array($0.utf8), options: PublishOptions(id: try TaskID($0)))
            }
            let answers = try await bench.backend.publish(requests, to: bench.name)
            try expectEqual(answers.map(\.disposition), [.new, .alreadyPublished, .new], "dispositions")
            try expectEqual(answers.map(\.id.rawValue), ["a", "b", "c"], "ids")
            try expectEqual(try await bench.drain(), ["known", "a", "c"], "stored tasks")
        },
        ConformanceCheck("publish: an id without a window may be used again, and its old result does not answer") {
            environment in
            let bench = try await environment.workbench("id-reused")
            let options = PublishOptions(id: try TaskID("same"), deduplicationWindow: .zero, announcesResult: true)
            let first = try await bench.publish("1", options: options)
            try expectEqual(try await bench.finish(try await bench.claimOne(), result: [1]), .done, "first finish")
            try expectEqual(try await bench.result(of: first.id, run: first.run), .finished([1]), "first result")
            let second = try await bench.publish("2", options: options)
            try expectEqual(second.disposition, .new, "a second publish without a window")
            try expect(second.run != first.run, "each run has an id of its own")
            try expectEqual(
                try await bench.result(of: second.id, run: second.run),
                .pending,
                "before the second finish"
            )
            try expectEqual(try await bench.finish(try await bench.claimOne(), result: [2]), .done, "second finish")
            try expectEqual(try await bench.result(of: second.id, run: second.run), .finished([2]), "second result")
            try expectEqual(try await bench.result(of: first.id, run: first.run), .unknown, "the first run, later")
        },
        ConformanceCheck("publish: the record carries the publisher's retry policy") { environment in
            let bench = try await environment.workbench("policy")
            let backoff = Backoff(base: .milliseconds(1500), factor: 1.5, maximum: .seconds(77))
            let policy = RetryPolicy(maximumAttempts: 3, backoff: backoff)
            _ = try await bench.publish("x", options: PublishOptions(retryPolicy: policy))
            try expectEqual(try await bench.claimOne().record.retryPolicy, policy, "the retry policy")
            _ = try await bench.publish("y")
            let plain = try await bench.claimOne()
            try expectEqual(plain.record.retryPolicy, nil, "no retry policy")
            try expectEqual(plain.record.deduplicationWindow, nil, "no window for an id that the library made")
        },
        ConformanceCheck("publish: what is invalid is refused before anything is stored") { environment in
            let bench = try await environment.workbench("refused")
            let limits = bench.backend.limits
            let far = Availability.maximumDelay + .seconds(1)
            let invalid: [(String, PublishRequest)] = [
                ("a payload over the limit", PublishRequest(payload: [UInt8](repeating: 7, count: limits.payload + 1))),
                ("headers over the limit", options(headers: ["h": String(repeating: "x", count: limits.headers)])),
                ("a date that is not a number", options(availability: .at(Date(timeIntervalSince1970: .nan)))),
                ("an infinite date", options(availability: .at(Date(timeIntervalSince1970: .infinity)))),
                ("a date in 10^15 milliseconds", options(availability: .at(Date(timeIntervalSince1970: 1e15)))),
                ("a delay of more than ten years", options(availability: .after(far))),
                ("no attempt at all", options(retryPolicy: RetryPolicy(maximumAttempts: 0))),
                ("a negative retention", options(resultRetention: .seconds(-1))),
            ]
            for (what, request) in invalid {
                try await expectThrows(BellowsError.self, what) {
                    _ = try await bench.backend.publish([PublishRequest(payload: [1]), request], to: bench.name)
                }
            }
            let twice = PublishRequest(payload: [], options: PublishOptions(id: try TaskID("twice")))
            try await expectThrows(BellowsError.self, "an id that stands twice in one call") {
                _ = try await bench.backend.publish([twice, twice], to: bench.name)
            }
            let many = [PublishRequest](repeating: PublishRequest(payload: []), count: VerbLimits.publishedTasks + 1)
            try await expectThrows(BellowsError.self, "a list that is too long") {
                _ = try await bench.backend.publish(many, to: bench.name)
            }
            try expectEqual(try await bench.claimNothing(), .onSignal, "the store after refusals")
            try await bench.publish("sound")
            try expectEqual(try await bench.drain(), ["sound"], "the store after refusals and a sound task")
        },
        ConformanceCheck("publish: a date or delay in the past means now") { environment in
            let bench = try await environment.workbench("past")
            let date = bench.backend.timeSource.date
            try await bench.publish("a", options: PublishOptions(availability: .at(date.addingTimeInterval(-3600))))
            try await bench.publish("b", options: PublishOptions(availability: .after(.seconds(-5))))
            try await bench.publish("c", options: PublishOptions(availability: .at(.distantPast)))
            try expectEqual(try await bench.drain(), ["a", "b", "c"], "tasks whose time has passed")
        },
    ]

    private static func options(
        availability: Availability = .now,
        retryPolicy: RetryPolicy? = nil,
        headers: [String: String] = [:],
        resultRetention: Duration? = nil
    ) -> PublishRequest {
        PublishRequest(
            payload: [2],
            options: PublishOptions(
                availability: availability,
                retryPolicy: retryPolicy,
                headers: headers,
                resultRetention: resultRetention
            )
        )
    }

    private static func expectAlreadyThere(
        _ bench: Workbench,
        _ options: PublishOptions,
        _ state: String,
        _ disposition: PublishedTask.Disposition = .alreadyPublished
    ) async throws {
        let again = try await bench.publish("again", options: options)
        try expectEqual(again.disposition, disposition, "publishing again while the task \(state)")
        try expectEqual(again.id, options.id, "the id of a task that \(state)")
        try expectEqual(again.run, nil, "the run of a task that was not new")
    }
}
