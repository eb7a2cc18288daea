import Bellows

/// What claiming promises.
enum ClaimChecks {
    static let all = [
        ConformanceCheck("claim: nothing to claim is an outcome that waits for a signal") { environment in
            let bench = try await environment.workbench("empty")
            try expectEqual(try await bench.claimNothing(), .onSignal, "a claim of nothing")
        },
        ConformanceCheck("claim: of many concurrent claims one wins, and the others learn until when") { environment in
            let bench = try await environment.workbench("one-winner")
            for round in 0..<10 {
                let id = try await bench.publish("\(round)").id
                let outcomes = try await inParallel(8) { index in
                    try await bench.claim(.id(id), by: index.isMultiple(of: 2) ? bench.backend : bench.other)
                }
                var winners = 0
                for outcome in outcomes {
                    switch outcome {
                    case .claimed(let tasks, _):
                        winners += 1
                        try expectEqual(tasks.map(\.id), [id], "the claimed task")
                    case .leased(let remaining):
                        try expect(
                            remaining > .zero && remaining <= Workbench.longLease,
                            "a loser was told to wait \(remaining)"
                        )
                    default: throw ConformanceFailure("a loser got \(outcome)")
                    }
                }
                try expectEqual(winners, 1, "winners")
            }
        },
        ConformanceCheck("claim: concurrent claims of the earliest tasks hand out each task once") { environment in
            let bench = try await environment.workbench("each-once")
            let requests = [PublishRequest](repeating: PublishRequest(payload: [1]), count: 100)
            let published = Set(try await bench.backend.publish(requests, to: bench.name).map(\.id))
            let claims = try await inParallel(8) { index -> [TaskID] in
                var ids: [TaskID] = []
                let backend = index.isMultiple(of: 2) ? bench.backend : bench.other
                while case .claimed(let tasks, _) = try await bench.claim(.earliest(index + 1), by: backend) {
                    try expect(tasks.count <= index + 1, "\(tasks.count) tasks for \(index + 1) asked for")
                    ids += tasks.map(\.id)
                }
                return ids
            }
            let ids = claims.flatMap(\.self)
            try expectEqual(ids.count, 100, "claimed tasks")
            try expectEqual(Set(ids), published, "the claimed ids")
        },
        ConformanceCheck("claim: by id of an unknown, finished or dead task finds nothing") { environment in
            let bench = try await environment.workbench("by-id-gone")
            try await expectNotFound(bench, TaskID(), "unknown")
            let finished = try await bench.publish("finished").id
            try expectEqual(try await bench.finish(try await bench.claimOne()), .done, "finishing")
            try await expectNotFound(bench, finished, "finished")
            let dead = try await bench.publish("dead").id
            try expectEqual(try await bench.fail(try await bench.claimOne(), .dead), .done, "giving up")
            try await expectNotFound(bench, dead, "dead")
        },
        ConformanceCheck("claim: by id of a leased task tells until when, of a future one from when") { environment in
            let bench = try await environment.workbench("by-id-later")
            let leased = try await bench.publish("leased").id
            _ = try await bench.claimOne(lease: .seconds(100))
            guard case .leased(let remaining) = try await bench.claim(.id(leased), by: bench.other) else {
                throw ConformanceFailure("a leased task could be claimed by its id")
            }
            try expect(remaining > .zero && remaining <= .seconds(100), "the lease ends in \(remaining)")
            let options = PublishOptions(availability: .after(.seconds(200)))
            let future = try await bench.publish("future", options: options).id
            guard case .unavailable(.after(let delay)) = try await bench.claim(.id(future)) else {
                throw ConformanceFailure("a future task could be claimed by its id, or no time was told")
            }
            try expect(delay > .zero && delay <= .seconds(200), "the task is due in \(delay)")
        },
        ConformanceCheck("claim: by id of a ready task takes it out of its turn, the others keep theirs") {
            environment in
            let bench = try await environment.workbench("by-id-turn")
            try await bench.publish("a")
            let middle = try await bench.publish("b").id
            try await bench.publish("c")
            let task = try await bench.claimOne(.id(middle))
            try expectEqual(task.id, middle, "the task asked for")
            try expectEqual(task.attempt, 1, "its attempt")
            try expectEqual(try await bench.drain(), ["a", "c"], "the rest")
        },
        ConformanceCheck("claim: by id of a delayed task whose time has come takes it") { environment in
            let bench = try await environment.workbench("by-id-due")
            let options = PublishOptions(availability: .after(environment.unit))
            let id = try await bench.publish("due", options: options).id
            await environment.advance(by: environment.unit)
            try expectEqual(try await bench.claimOne(.id(id)).id, id, "the task asked for")
            guard case .unavailable = try await bench.claim() else {
                throw ConformanceFailure("a task that was claimed by its id was handed out again")
            }
        },
        ConformanceCheck("claim: hundreds of tasks taken by id neither come again nor hide the others") { environment in
            let bench = try await environment.workbench("by-id-many")
            var ids: [TaskID] = []
            for batch in 0..<4 {
                let requests = (0..<100).map { PublishRequest(payload: Array("\(batch * 100 + $0)".utf8)) }
                ids += try await bench.backend.publish(requests, to: bench.name).map(\.id)
            }
            for id in ids.dropLast(10) {
                let task = try await bench.claimOne(.id(id))
                try expectEqual(try await bench.finish(task), .done, "finishing")
            }
            try expectEqual(try await bench.drain(7), (390..<400).map { "\($0)" }, "what is left")
        },
        ConformanceCheck("claim: attempts are counted by the claim itself") { environment in
            let bench = try await environment.workbench("attempts")
            try await bench.publish("x")
            var tokens: Set<LeaseToken> = []
            for attempt in 1...4 {
                let task = try await bench.claimOne(lease: bench.shortLease)
                try expectEqual(task.attempt, attempt, "the attempt after \(attempt - 1) lost leases")
                tokens.insert(task.lease.token)
                await environment.advance(by: bench.shortLease)
            }
            try expectEqual(tokens.count, 4, "different tokens")
        },
        ConformanceCheck("claim: the answer says when asking again makes sense") { environment in
            let bench = try await environment.workbench("next")
            try await bench.publish("later", options: PublishOptions(availability: .after(.seconds(500))))
            guard case .after(let delay) = try await bench.claimNothing(), delay <= .seconds(500), delay > .zero else {
                throw ConformanceFailure("the time of a delayed task was not told")
            }
            try await bench.publish("now")
            guard case .claimed(_, .after(let next)) = try await bench.claim(.earliest(2), lease: .seconds(50)) else {
                throw ConformanceFailure("a claim that found less than it asked for did not say when to ask again")
            }
            try expect(next > .zero && next <= .seconds(50), "the lease ends in 50 s, told was \(next)")
            try await bench.publish("one")
            try await bench.publish("two")
            guard case .claimed(let tasks, .now) = try await bench.claim(.earliest(1)) else {
                throw ConformanceFailure("a claim that got all it asked for did not say that there may be more")
            }
            try expectEqual(tasks.count, 1, "tasks asked for")
        },
        ConformanceCheck("claim: leases and counts out of range are refused") { environment in
            let bench = try await environment.workbench("range")
            try await bench.publish("x")
            for lease in [Duration.milliseconds(99), .zero, .seconds(-1), .seconds(86401)] {
                try await expectThrows(BellowsError.self, "a lease of \(lease)") {
                    _ = try await bench.claim(lease: lease)
                }
            }
            for count in [0, -1, VerbLimits.claimedTasks + 1] {
                try await expectThrows(BellowsError.self, "a claim of \(count)") {
                    _ = try await bench.claim(.earliest(count))
                }
            }
            try expectEqual(try await bench.claimOne(lease: .seconds(86400)).attempt, 1, "the first real attempt")
        },
    ]

    private static func expectNotFound(_ bench: Workbench, _ id: TaskID, _ state: String) async throws {
        let outcome = try await bench.claim(.id(id))
        guard case .notFound = outcome else { throw ConformanceFailure("a task that is \(state) gave \(outcome)") }
    }
}
