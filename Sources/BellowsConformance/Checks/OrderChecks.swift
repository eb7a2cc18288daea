import Bellows

/// In which order tasks are handed out, and when.
enum OrderChecks {
    static let all = [
        ConformanceCheck("order: immediate tasks come in the order of publishing") { environment in
            let bench = try await environment.workbench("immediate")
            let texts = (0..<30).map { "\($0)" }
            for text in texts { try await bench.publish(text) }
            let first = try await bench.claimOne()
            try expectEqual(first.record.payload, Array("0".utf8), "the first task")
            try expectEqual(try await bench.drain(4), Array(texts.dropFirst()), "the others, in batches")
        },
        ConformanceCheck("order: a list of any length is stored in its order, each item with an outcome") {
            environment in
            let texts = (0..<730).map { "\($0)" }
            var requests = texts.map { PublishRequest(payload: Array($0.utf8)) }
            requests[333].options.retryPolicy = RetryPolicy(maximumAttempts: 0)
            let stored = texts.filter { $0 != "333" }
            // A connection that is lost meanwhile, as to a busy server, may let a later call overtake an earlier one.
            var orders: [String] = []
            for attempt in 1...3 {
                let bench = try await environment.workbench("list-\(attempt)")
                let outcomes = await bench.backend.publish(contentsOf: requests, to: bench.name)
                try expectEqual(outcomes.count, texts.count, "the number of outcomes")
                for (place, outcome) in outcomes.enumerated() {
                    switch outcome {
                    case .success: try expect(place != 333, "an invalid request was published")
                    case .failure: try expect(place == 333, "request \(place) was refused")
                    }
                }
                let drained = try await bench.drain(100)
                try expectEqual(Set(drained), Set(stored), "the tasks, in whatever order")
                if drained == stored { return }
                orders.append(stretches(of: drained.compactMap { Int($0) }))
            }
            throw ConformanceFailure("the tasks of a list did not come in its order, three times: \(orders)")
        },
        ConformanceCheck("order: delayed tasks come in the order of their times, nothing early") { environment in
            let bench = try await environment.workbench("delayed")
            let unit = environment.unit
            let start = environment.now
            // One call, so that all delays count from the same moment however slow the machine is.
            let requests = [3, 1, 2].map { factor in
                let options = PublishOptions(availability: .after(unit * factor))
                return PublishRequest(payload: Array("\(factor)".utf8), options: options)
            }
            _ = try await bench.backend.publish(requests, to: bench.name)
            let end = environment.now
            var claimed: [String] = []
            for factor in 1...3 {
                let outcome = try await bench.claim()
                if case .claimed(let tasks, _) = outcome {
                    try expect(environment.now - start >= unit * factor, "task \(factor) came early")
                    claimed += tasks.map { String(decoding: $0.record.payload, as: UTF8.self) }
                    continue
                }
                await environment.advance(by: max(.zero, end + unit * factor - environment.now))
                let text = String(decoding: try await bench.claimOne().record.payload, as: UTF8.self)
                try expect(environment.now - start >= unit * factor, "task \(factor) came early")
                claimed.append(text)
            }
            try expectEqual(claimed, ["1", "2", "3"], "the order")
        },
        ConformanceCheck("order: a delayed task is not handed out before its time, then on time") { environment in
            let bench = try await environment.workbench("on-time")
            let unit = environment.unit
            let start = environment.now
            try await bench.publish("x", options: PublishOptions(availability: .after(unit * 2)))
            let end = environment.now
            while true {
                let sent = environment.now
                guard case .unavailable(let next) = try await bench.claim() else { break }
                // Only a claim that was sent after the due time must find the task, however late its answer comes.
                guard sent - end <= unit * 2 + .milliseconds(20) else {
                    throw ConformanceFailure("a task due after \(unit * 2) was not there after \(sent - end)")
                }
                guard case .after(let delay) = next, delay <= unit * 2 else {
                    throw ConformanceFailure("a task due after \(unit * 2) was announced as \(next)")
                }
                await environment.advance(by: delay)
            }
            try expect(environment.now - start >= unit * 2, "the task came after \(environment.now - start)")
        },
        ConformanceCheck("order: where immediate and delayed tasks wait, they are served in turn") { environment in
            let bench = try await environment.workbench("in-turn")
            let requests = (1...4).map { number in
                let options = PublishOptions(availability: .after(.milliseconds(number)))
                return PublishRequest(payload: Array("delayed \(number)".utf8), options: options)
            }
            _ = try await bench.backend.publish(requests, to: bench.name)
            await environment.advance(by: .milliseconds(10))
            for number in 1...4 { try await bench.publish("immediate \(number)") }
            let order = try await bench.drain()
            try expectEqual(order.filter { $0.hasPrefix("d") }, (1...4).map { "delayed \($0)" }, "the delayed ones")
            try expectEqual(order.filter { $0.hasPrefix("i") }, (1...4).map { "immediate \($0)" }, "the immediate ones")
            let kinds = order.map { $0.prefix(1) }
            try expect(zip(kinds, kinds.dropFirst()).allSatisfy { $0 != $1 }, "not in turn: \(order)")
        },
        ConformanceCheck("order: neither a storm of retries nor a backlog starves the other") { environment in
            let bench = try await environment.workbench("starvation")
            let requests = (0..<100).map { _ in PublishRequest(payload: Array("backlog".utf8)) }
            _ = try await bench.backend.publish(requests, to: bench.name)
            try await bench.publish("due", options: PublishOptions(availability: .after(.milliseconds(1))))
            await environment.advance(by: .milliseconds(2))
            guard case .claimed(let tasks, _) = try await bench.claim(.earliest(4)) else {
                throw ConformanceFailure("nothing could be claimed from a backlog")
            }
            let texts = tasks.map { String(decoding: $0.record.payload, as: UTF8.self) }
            try expect(texts.contains("due"), "a due task was starved by a backlog: \(texts)")
            for task in tasks { try expectEqual(try await bench.fail(task, .retry(.now)), .done, "failing") }
            guard case .claimed(let mixed, _) = try await bench.claim(.earliest(4)) else {
                throw ConformanceFailure("nothing could be claimed after retries")
            }
            let attempts = Set(mixed.map(\.attempt))
            try expectEqual(attempts, [1, 2], "attempts among four tasks, where retries and a backlog wait")
        },
        ConformanceCheck("order: tasks published before anybody listens wait to be claimed") { environment in
            let bench = try await environment.workbench("before")
            for text in ["a", "b", "c"] { try await bench.publish(text) }
            let late = try await environment.makeBackend()
            let subscription = try await late.subscribe(to: [.tasks(bench.name)])
            try await SignalReader(subscription).expect(.checkEverything)
            guard case .claimed(let tasks, _) = try await bench.claim(.earliest(10), by: late) else {
                throw ConformanceFailure("tasks from before the subscription were not found")
            }
            try expectEqual(tasks.count, 3, "tasks from before the subscription")
        },
    ]

    /// Numbers as stretches in which each follows the one before it, such as `0-99 200-299 100-199`.
    private static func stretches(of numbers: [Int]) -> String {
        var stretches: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = stretches.last, last.upperBound + 1 == number {
                stretches[stretches.count - 1] = last.lowerBound...number
            } else {
                stretches.append(number...number)
            }
        }
        return stretches.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: " ")
    }
}
