import Bellows

/// What the signal channel promises.
enum SignalChecks {
    static let all = [
        ConformanceCheck("signal: a subscription in force says so with a resweep") { environment in
            let bench = try await environment.workbench("resweep")
            let reader = SignalReader(try await bench.backend.subscribe(to: [.tasks(bench.name)]))
            try await reader.expect(.resweep)
        },
        ConformanceCheck("signal: a publish wakes subscribers of other processes") { environment in
            let bench = try await environment.workbench("wake")
            let reader = try await subscribed(bench, by: bench.other)
            try await bench.publish("x")
            try await reader.expect(.available(bench.name))
            try expectEqual(try await bench.claimOne(by: bench.other).attempt, 1, "the attempt")
        },
        ConformanceCheck("signal: a publish wakes subscribers of its own process") { environment in
            let bench = try await environment.workbench("own")
            let reader = try await subscribed(bench, by: bench.backend)
            try await bench.publish("x")
            try await reader.expect(.available(bench.name))
        },
        ConformanceCheck("signal: a delayed publish tells when") { environment in
            let bench = try await environment.workbench("due")
            let reader = try await subscribed(bench, by: bench.other)
            try await bench.publish("x", options: PublishOptions(availability: .after(.seconds(90))))
            try await expectDue(reader, bench, within: .seconds(90))
        },
        ConformanceCheck("signal: a release wakes another worker") { environment in
            let bench = try await environment.workbench("release")
            try await bench.publish("x")
            let task = try await bench.claimOne()
            let reader = try await subscribed(bench, by: bench.other)
            try expectEqual(try await bench.release(task), .done, "releasing")
            try await reader.expect(.available(bench.name))
        },
        ConformanceCheck("signal: a retry and a next run tell when") { environment in
            let bench = try await environment.workbench("retry")
            try await bench.publish("x")
            let task = try await bench.claimOne()
            let reader = try await subscribed(bench, by: bench.other)
            try expectEqual(try await bench.fail(task, .retry(.after(.seconds(50)))), .done, "failing")
            try await expectDue(reader, bench, within: .seconds(50))
            try await bench.publish("y")
            let other = try await bench.claimOne()
            try expectEqual(try await bench.finish(other, nextRun: .after(.seconds(20))), .done, "finishing")
            try await expectDue(reader, bench, within: .seconds(20))
        },
        ConformanceCheck("signal: the end of a singleton's run tells when the next one is") { environment in
            let bench = try await environment.workbench("singleton")
            let task = try await bench.claimOne(.singleton)
            let reader = try await subscribed(bench, by: bench.other)
            try expectEqual(try await bench.finish(task, nextRun: .after(.seconds(30))), .done, "finishing")
            try await expectDue(reader, bench, within: .seconds(30))
        },
        ConformanceCheck("signal: a stored result is announced to its publisher") { environment in
            let bench = try await environment.workbench("result")
            let id = try TaskID("awaited")
            let reader = SignalReader(try await bench.backend.subscribe(to: [.result(id, of: bench.name)]))
            try await reader.expect(.resweep)
            let options = PublishOptions(id: id, announcesResult: true)
            _ = try await bench.publish("x", options: options)
            let task = try await bench.claimOne(by: bench.other)
            try expectEqual(
                try await bench.other.finish([FinishRequest(lease: task.lease)], in: bench.name),
                [.done],
                ""
            )
            try await reader.expect(.resultReady(id, of: bench.name))
            try expectEqual(try await bench.result(of: id), .finished([]), "the result after its announcement")
        },
        ConformanceCheck("signal: a result asked for later is announced too, and so is a death") { environment in
            let bench = try await environment.workbench("late-result")
            for isDead in [false, true] {
                let id = try await bench.publish("x").id
                let reader = SignalReader(try await bench.other.subscribe(to: [.result(id, of: bench.name)]))
                try await reader.expect(.resweep)
                try expectEqual(try await bench.result(of: id, by: bench.other), .pending, "before the end")
                let task = try await bench.claimOne()
                let outcome = try await isDead ? bench.fail(task, .dead) : bench.finish(task)
                try expectEqual(outcome, .done, "ending")
                try await reader.expect(.resultReady(id, of: bench.name))
            }
        },
        ConformanceCheck("signal: subscribers hear nothing of other definitions") { environment in
            let bench = try await environment.workbench("mine")
            let foreign = try environment.uniqueName("foreign")
            let reader = try await subscribed(bench, by: bench.other)
            _ = try await bench.backend.publish([PublishRequest(payload: [1])], to: foreign)
            try await bench.publish("x")
            let signal = try await reader.wait(for: "a signal of a task") { $0 != .resweep }
            try expectEqual(signal, .available(bench.name), "the first signal")
        },
        ConformanceCheck("signal: a cancelled subscription ends, and so does a cancelled reader") { environment in
            let bench = try await environment.workbench("cancel")
            let subscription = try await bench.backend.subscribe(to: [.tasks(bench.name)])
            let reading = Task { () -> Bool in
                while true {
                    switch await subscription.next() {
                    case .signal: continue
                    case .deadline: return false
                    case .ended: return true
                    }
                }
            }
            reading.cancel()
            try expect(await reading.value, "a cancelled reader did not end")
            subscription.cancel()
            try await bench.publish("x")
            // What came before the end may still be read; then there is nothing more.
            var last = await subscription.next()
            while case .signal = last { last = await subscription.next() }
            try expectEqual(last, .ended, "what a cancelled subscription gives")
        },
    ]

    /// A subscription that is known to be in force.
    private static func subscribed(_ bench: Workbench, by backend: any Backend) async throws -> SignalReader {
        let reader = SignalReader(try await backend.subscribe(to: [.tasks(bench.name)]))
        try await reader.expect(.resweep)
        return reader
    }

    private static func expectDue(_ reader: SignalReader, _ bench: Workbench, within limit: Duration) async throws {
        try await reader.wait(for: "a task due within \(limit)") { signal in
            guard case .due(bench.name, let delay) = signal else { return false }
            return delay <= limit && delay > limit - .seconds(10)
        }
    }
}
