import Bellows

/// How attempts end well.
enum FinishChecks {
    static let all = [
        ConformanceCheck("finish: the task is gone") { environment in
            let bench = try await environment.workbench("gone")
            let id = try await bench.publish("x").id
            try expectEqual(try await bench.finish(try await bench.claimOne()), .done, "finishing")
            try expectEqual(try await bench.claimNothing(), .onSignal, "a claim after the end")
            guard case .notFound = try await bench.claim(.id(id)) else {
                throw ConformanceFailure("a finished task was found by its id")
            }
        },
        ConformanceCheck("finish: each item of a list has its own outcome, in its place") { environment in
            let bench = try await environment.workbench("list")
            for text in ["a", "b", "c"] { try await bench.publish(text) }
            guard case .claimed(let tasks, _) = try await bench.claim(.earliest(3)), tasks.count == 3 else {
                throw ConformanceFailure("three tasks could not be claimed")
            }
            try expectEqual(try await bench.finish(tasks[1]), .done, "finishing the middle one")
            let outcomes = try await bench.backend.finish(tasks.map { FinishRequest(lease: $0.lease) }, in: bench.name)
            try expectEqual(outcomes, [.done, .leaseLost, .done], "outcomes")
        },
        ConformanceCheck("finish: a next run is the same task at its time, with a fresh count of attempts") {
            environment in
            let bench = try await environment.workbench("next-run")
            let options = PublishOptions(headers: ["h": "1"])
            let id = try await bench.publish("x", options: options).id
            try expectEqual(try await bench.fail(try await bench.claimOne(), .retry(.now)), .done, "failing once")
            let second = try await bench.claimOne()
            try expectEqual(second.attempt, 2, "the second attempt")
            let start = environment.now
            let delay = environment.unit
            try expectEqual(try await bench.finish(second, nextRun: .after(delay)), .done, "setting a next run")
            await environment.advance(by: delay)
            let next = try await bench.claimOne()
            try expect(environment.now - start >= delay, "the next run came early")
            try expectEqual(next.id, id, "the id of the next run")
            try expectEqual(next.attempt, 1, "the attempt of the next run")
            try expectEqual(next.record.payload, Array("x".utf8), "the payload of the next run")
            try expectEqual(next.record.headers, options.headers, "the headers of the next run")
            try expectEqual(try await bench.finish(next), .done, "ending the next run")
            try expectEqual(try await bench.claimNothing(), .onSignal, "a claim after the end")
        },
        ConformanceCheck("finish: a next run is not handed out before its time") { environment in
            let bench = try await environment.workbench("next-run-early")
            try await bench.publish("x")
            let task = try await bench.claimOne()
            try expectEqual(try await bench.finish(task, nextRun: .after(.seconds(300))), .done, "setting a next run")
            guard case .after(let delay) = try await bench.claimNothing(), delay <= .seconds(300) else {
                throw ConformanceFailure("the time of the next run was not told")
            }
            try expect(delay > .seconds(200), "the next run in 300 s is told to be due in \(delay)")
        },
        ConformanceCheck("finish: success that sets a next run answers the waiter once") { environment in
            let bench = try await environment.workbench("next-run-result")
            let options = PublishOptions(resultRetention: .seconds(3600), announcesResult: true)
            let published = try await bench.publish("x", options: options)
            let first = try await bench.claimOne()
            try expectEqual(try await bench.finish(first, result: [1], nextRun: .now), .done, "the first run")
            try expectEqual(try await bench.result(of: published.id, run: published.run), .finished([1]), "its result")
            let second = try await bench.claimOne()
            try expectEqual(try await bench.finish(second, result: [2]), .done, "the second run")
            let result = try await bench.result(of: published.id, run: published.run)
            try expectEqual(result, .finished([1]), "the result after a second run that nobody waited for")
        },
    ]
}
