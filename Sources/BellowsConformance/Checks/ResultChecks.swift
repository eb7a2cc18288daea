import Bellows

/// What happens to results.
enum ResultChecks {
    static let all = [
        ConformanceCheck("result: kept for a publisher that asked, with the same id on both sides") { environment in
            let bench = try await environment.workbench("asked")
            let published = try await bench.publish("x", options: PublishOptions(announcesResult: true))
            // No question before the end: asking would make the result wanted by itself.
            let task = try await bench.claimOne(by: bench.other)
            try expectEqual(task.id, published.id, "the id on both sides")
            try expectEqual(try await bench.finish(task, result: [4, 2]), .done, "finishing")
            for _ in 1...2 {
                let result = try await bench.result(of: published.id, run: published.run)
                try expectEqual(result, .finished([4, 2]), "the result")
            }
            let elsewhere = try await bench.result(of: published.id, by: bench.other)
            try expectEqual(elsewhere, .finished([4, 2]), "the result, seen by another process")
        },
        ConformanceCheck("result: a unit result is zero bytes, and is one") { environment in
            let bench = try await environment.workbench("unit")
            let published = try await bench.publish("x", options: PublishOptions(announcesResult: true))
            try expectEqual(try await bench.finish(try await bench.claimOne()), .done, "finishing")
            try expectEqual(try await bench.result(of: published.id), .finished([]), "the result")
        },
        ConformanceCheck("result: not kept if nobody asked") { environment in
            let bench = try await environment.workbench("unasked")
            let published = try await bench.publish("x")
            try expectEqual(try await bench.finish(try await bench.claimOne(), result: [1]), .done, "finishing")
            try expectEqual(try await bench.result(of: published.id, run: published.run), .unknown, "the result")
            let named = try await bench.publish("y", options: PublishOptions(id: try TaskID("named")))
            try expectEqual(try await bench.finish(try await bench.claimOne(), result: [1]), .done, "finishing")
            try expectEqual(try await bench.result(of: named.id), .expired, "the result of a caller's id")
        },
        ConformanceCheck("result: kept if the worker's definition keeps results") { environment in
            let bench = try await environment.workbench("definition-keeps")
            let published = try await bench.publish("x")
            let task = try await bench.claimOne()
            try expectEqual(try await bench.finish(task, result: [3], retention: .seconds(60)), .done, "finishing")
            try expectEqual(try await bench.result(of: published.id, run: published.run), .finished([3]), "the result")
        },
        ConformanceCheck("result: asking for one that is not there yet makes it wanted") { environment in
            let bench = try await environment.workbench("late-wish")
            let published = try await bench.publish("x")
            try expectEqual(try await bench.result(of: published.id, by: bench.other), .pending, "before the claim")
            let task = try await bench.claimOne()
            try expectEqual(try await bench.result(of: published.id, by: bench.other), .pending, "while it runs")
            try expectEqual(try await bench.finish(task, result: [5]), .done, "finishing")
            try expectEqual(try await bench.result(of: published.id, by: bench.other), .finished([5]), "the result")
        },
        ConformanceCheck("result: gone after its time") { environment in
            let bench = try await environment.workbench("retention")
            let options = PublishOptions(resultRetention: environment.unit)
            let published = try await bench.publish("x", options: options)
            try expectEqual(try await bench.finish(try await bench.claimOne(), result: [1]), .done, "finishing")
            await environment.advance(by: environment.unit)
            try expectEqual(try await bench.result(of: published.id), .unknown, "a result after its time")
        },
        ConformanceCheck("result: of an unknown task is unknown, and a list is answered in its order") { environment in
            let bench = try await environment.workbench("list")
            let options = PublishOptions(announcesResult: true)
            let finished = try await bench.publish("x", options: options)
            try expectEqual(try await bench.finish(try await bench.claimOne(), result: [1]), .done, "finishing")
            let dead = try await bench.publish("y", options: options)
            try expectEqual(try await bench.fail(try await bench.claimOne(), .dead, error: "no"), .done, "giving up")
            let pending = try await bench.publish("z", options: options)
            let answers = try await bench.backend.result(
                of: [TaskID(), dead.id, finished.id, pending.id].map { ResultQuery(id: $0) },
                in: bench.name
            )
            try expectEqual(answers, [.unknown, .dead(reason: "no"), .finished([1]), .pending], "answers")
        },
        ConformanceCheck("result: death is one too, with its reason") { environment in
            let bench = try await environment.workbench("dead")
            let published = try await bench.publish("x", options: PublishOptions(announcesResult: true))
            let task = try await bench.claimOne()
            try expectEqual(try await bench.fail(task, .dead, error: "bad \"input\"\r\n🔥"), .done, "giving up")
            guard case .dead(let reason) = try await bench.result(of: published.id, run: published.run) else {
                throw ConformanceFailure("a dead task is not told to be dead")
            }
            // Control characters may be escaped, so that no log line breaks; nothing else may change.
            try expect(reason.hasPrefix("bad \"input\"") && reason.hasSuffix("🔥"), "the reason is \(reason)")
            let unasked = try await bench.publish("y")
            try expectEqual(try await bench.fail(try await bench.claimOne(), .dead, error: "why"), .done, "giving up")
            try expectEqual(try await bench.result(of: unasked.id), .dead(reason: "why"), "asked for after the death")
        },
    ]
}
