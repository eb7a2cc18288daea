import Bellows

/// How attempts end badly.
enum RetryChecks {
    static let all = [
        ConformanceCheck("fail: frees the task, sets its due time and keeps the waiter") { environment in
            let bench = try await environment.workbench("keeps-waiter")
            let published = try await bench.publish("x", options: PublishOptions(announcesResult: true))
            let start = environment.now
            let delay = environment.unit
            try expectEqual(try await bench.fail(try await bench.claimOne(), .retry(.after(delay))), .done, "failing")
            try expectEqual(try await bench.result(of: published.id, run: published.run), .pending, "between attempts")
            await environment.advance(by: delay)
            let second = try await bench.claimOne(by: bench.other)
            try expect(environment.now - start >= delay, "the retry came early")
            try expectEqual(second.id, published.id, "the task")
            try expectEqual(second.attempt, 2, "the second attempt")
            try expectEqual(second.record.payload, Array("x".utf8), "the payload")
            try expectEqual(try await bench.finish(second, result: [7]), .done, "finishing")
            try expectEqual(try await bench.result(of: published.id, run: published.run), .finished([7]), "the result")
        },
        ConformanceCheck("fail: a retry is not handed out before its time") { environment in
            let bench = try await environment.workbench("not-early")
            let id = try await bench.publish("x").id
            let task = try await bench.claimOne()
            try expectEqual(try await bench.fail(task, .retry(.after(.seconds(400)))), .done, "failing")
            guard case .after(let delay) = try await bench.claimNothing() else {
                throw ConformanceFailure("the time of a retry was not told")
            }
            try expect(delay > .seconds(300) && delay <= .seconds(400), "a retry in 400 s is told as \(delay)")
            guard case .unavailable(.after) = try await bench.claim(.id(id)) else {
                throw ConformanceFailure("a task that waits for its retry could be claimed by its id")
            }
        },
        ConformanceCheck("fail: a retry at once is due at once") { environment in
            let bench = try await environment.workbench("at-once")
            try await bench.publish("x")
            for attempt in 1...5 {
                let task = try await bench.claimOne()
                try expectEqual(task.attempt, attempt, "the attempt")
                try expectEqual(try await bench.fail(task, .retry(.now)), .done, "failing")
            }
        },
        ConformanceCheck("fail: a dead task is never handed out again") { environment in
            let bench = try await environment.workbench("dead")
            let id = try await bench.publish("x").id
            try expectEqual(try await bench.fail(try await bench.claimOne(), .dead), .done, "giving up")
            try expectEqual(try await bench.claimNothing(), .onSignal, "a claim after the death")
            guard case .notFound = try await bench.claim(.id(id)) else {
                throw ConformanceFailure("a dead task was found by its id")
            }
        },
        ConformanceCheck("fail: an error text over the limit is cut on a character's border") { environment in
            let bench = try await environment.workbench("long-error")
            let limit = bench.backend.limits.errorText
            let published = try await bench.publish("x")
            let text = "x" + String(repeating: "é", count: limit)
            try expectEqual(try await bench.fail(try await bench.claimOne(), .dead, error: text), .done, "giving up")
            guard case .dead(let reason) = try await bench.result(of: published.id) else {
                throw ConformanceFailure("a dead task is not told to be dead")
            }
            try expect(text.hasPrefix(reason), "the reason is not the beginning of the error")
            try expect((limit - 3...limit).contains(reason.utf8.count), "the reason has \(reason.utf8.count) bytes")
        },
        ConformanceCheck("fail: each item of a list has its own outcome, in its place") { environment in
            let bench = try await environment.workbench("list")
            for text in ["a", "b", "c"] { try await bench.publish(text) }
            guard case .claimed(let tasks, _) = try await bench.claim(.earliest(3)), tasks.count == 3 else {
                throw ConformanceFailure("three tasks could not be claimed")
            }
            try expectEqual(try await bench.finish(tasks[0]), .done, "finishing the first one")
            let requests = [
                FailRequest(lease: tasks[0].lease, disposition: .dead, error: "0"),
                FailRequest(lease: tasks[1].lease, disposition: .dead, error: "1"),
                FailRequest(lease: tasks[2].lease, disposition: .retry(.now), error: "2"),
            ]
            let outcomes = try await bench.backend.fail(requests, in: bench.name)
            try expectEqual(outcomes, [.leaseLost, .done, .done], "outcomes")
            let again = try await bench.claimOne()
            try expectEqual(again.id, tasks[2].id, "the task that is tried again")
            try expectEqual(try await bench.result(of: tasks[1].id), .dead(reason: "1"), "the task that is dead")
        },
        ConformanceCheck("fail: a record that cannot be read is handed out as such, and dies of it") { environment in
            guard let plantRecord = environment.plantRecord else {
                throw NotApplicable("the environment cannot plant records")
            }
            let bench = try await environment.workbench("malformed")
            let id = TaskID()
            try await plantRecord(Array("\u{7f}garbage".utf8), id, bench.name)
            let task = try await bench.claimOne()
            try expectEqual(task.id, id, "the damaged task")
            try expect(task.malformed != nil, "a damaged record is not told to be damaged")
            try expectEqual(task.newer, nil, "a damaged record")
            try await bench.publish("sound")
            try expectEqual(try await bench.fail(task, .dead, error: task.malformed ?? ""), .done, "giving up")
            try expectEqual(try await bench.drain(), ["sound"], "other tasks flow")
            guard case .dead = try await bench.result(of: id) else {
                throw ConformanceFailure("the damaged task is not in the dead letters")
            }
        },
    ]
}
