import Bellows

/// What the signal channel promises.
enum SignalChecks {
    static let all = [
        ConformanceCheck("signal: a subscription in force says so with a checkEverything") { environment in
            let bench = try await environment.workbench("checkEverything")
            let reader = SignalReader(try await bench.backend.subscribe(to: [.tasks(bench.name)]))
            try await reader.expect(.checkEverything)
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
        ConformanceCheck("signal: a process that waits for tasks is told of each one") { environment in
            let bench = try await environment.workbench("waiting")
            let reader = try await subscribed(bench, by: bench.other)
            let request = ClaimRequest(
                name: bench.name,
                selection: .earliest(3),
                lease: .seconds(20),
                wantsWakeUp: true
            )
            for _ in 0..<3 {
                guard case .unavailable = try await bench.other.claim(request) else {
                    throw ConformanceFailure("a claim found something")
                }
                try await bench.publish("x")
                try await reader.wait(for: "the wake-up") {
                    $0 == .available(bench.name) || $0 == .availableHere(bench.name)
                }
                guard case .claimed(let tasks, _) = try await bench.other.claim(request), tasks.count == 1 else {
                    throw ConformanceFailure("a claim after the wake-up did not find one task")
                }
                let ends = tasks.map { FinishRequest(lease: $0.lease) }
                try expectEqual(try await bench.other.finish(ends, in: bench.name), [.done], "finishing")
            }
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
            try await expectAnnouncement(bench, by: bench.backend) { id in
                _ = try await bench.publish("x", options: PublishOptions(id: id, announcesResult: true))
                let task = try await bench.claimOne(by: bench.other)
                let request = FinishRequest(lease: task.lease)
                try expectEqual(try await bench.other.finish([request], in: bench.name), [.done], "finishing")
            }
        },
        ConformanceCheck("signal: a result asked for later is announced too, and so is a death") { environment in
            let bench = try await environment.workbench("late-result")
            for isDead in [false, true] {
                try await expectAnnouncement(bench, by: bench.other) { id in
                    _ = try await bench.publish("x", options: PublishOptions(id: id))
                    try expectEqual(try await bench.result(of: id, by: bench.other), .pending, "before the end")
                    let task = try await bench.claimOne()
                    let outcome = try await isDead ? bench.fail(task, .dead) : bench.finish(task)
                    try expectEqual(outcome, .done, "ending")
                }
            }
        },
        ConformanceCheck("signal: subscribers hear nothing of other definitions") { environment in
            let bench = try await environment.workbench("mine")
            let foreign = try environment.uniqueName("foreign")
            let reader = try await subscribed(bench, by: bench.other)
            _ = try await bench.backend.publish([PublishRequest(payload: [1])], to: foreign)
            try await bench.publish("x")
            var heard: [BackendSignal] = []
            try await reader.wait(for: "the wake-up") { signal in
                heard.append(signal)
                return signal == .available(bench.name)
            }
            let foreignSignals = heard.filter { signal in
                switch signal {
                case .available(let name), .availableHere(let name), .due(let name, _): name != bench.name
                case .resultReady(let announcement): announcement.name != bench.name
                case .cancellation(let notice): notice.name != bench.name
                case .checkEverything: false
                }
            }
            try expectEqual(foreignSignals, [], "signals of other definitions")
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

    /// A subscription that is known to be in force. A checkEverything does not prove it, since it may come for nothing;
    /// hearing of a task does.
    private static func subscribed(_ bench: Workbench, by backend: any Backend) async throws -> SignalReader {
        let reader = SignalReader(try await backend.subscribe(to: [.tasks(bench.name)]))
        for _ in 0..<100 {
            // Far away, so that no claim of the check meets it.
            try await bench.publish("proof", options: PublishOptions(availability: .after(.seconds(36_000))))
            let signal = try await reader.wait(for: "any signal") { _ in true }
            if case .due(bench.name, _) = signal { return reader }
        }
        throw ConformanceFailure("100 publishes after a subscription, and none was heard of")
    }

    private static func expectDue(_ reader: SignalReader, _ bench: Workbench, within limit: Duration) async throws {
        try await reader.wait(for: "a task due within \(limit)") { signal in
            guard case .due(bench.name, let delay) = signal else { return false }
            return delay <= limit && delay > limit - .seconds(10)
        }
    }

    /// Subscribes to a result, lets it come into being, and expects to be told of it.
    private static func expectAnnouncement(
        _ bench: Workbench,
        by backend: any Backend,
        of produce: (TaskID) async throws -> Void
    ) async throws {
        for _ in 0..<100 {
            let id = TaskID()
            let reader = SignalReader(try await backend.subscribe(to: [.result(id, of: bench.name)]))
            try await reader.expect(.checkEverything)
            try await produce(id)
            // A checkEverything stands for what was missed before the subscription came into force: then the next one counts.
            let signal = try await reader.wait(for: "the result of \(id)") { _ in true }
            guard case .resultReady(let announcement) = signal else { continue }
            try expectEqual(announcement.id, id, "the task of the announcement")
            try expectEqual(announcement.name, bench.name, "the definition of the announcement")
            let stored = try await bench.result(of: id, by: backend)
            guard stored != .pending else {
                throw ConformanceFailure("a result was announced before it was stored")
            }
            if let lookup = announcement.lookup { try expectEqual(lookup, stored, "the result of the announcement") }
            return
        }
        throw ConformanceFailure("100 results, and none was announced")
    }
}
