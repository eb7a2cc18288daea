import Bellows

/// What singletons promise.
enum SingletonChecks {
    static let all = [
        ConformanceCheck("singleton: exists without being published") { environment in
            let bench = try await environment.workbench("exists")
            let task = try await bench.claimOne(.singleton)
            try expectEqual(task.id, .singleton, "the id")
            try expectEqual(task.attempt, 1, "the attempt")
            try expectEqual(task.lease.kind, .singleton, "the kind")
            try expectEqual(task.record.payload, [], "the payload")
        },
        ConformanceCheck("singleton: one owner in the fleet, and the others learn until when") { environment in
            let bench = try await environment.workbench("one-owner")
            let outcomes = try await inParallel(8) { index in
                try await bench.claim(.singleton, by: index.isMultiple(of: 2) ? bench.backend : bench.other)
            }
            var owners = 0
            for outcome in outcomes {
                switch outcome {
                case .claimed: owners += 1
                case .leased(let remaining):
                    try expect(remaining > .zero && remaining <= Workbench.longLease, "told to wait \(remaining)")
                default: throw ConformanceFailure("another process got \(outcome)")
                }
            }
            try expectEqual(owners, 1, "owners")
        },
        ConformanceCheck("singleton: runs again one second after its end, with the same id") { environment in
            let bench = try await environment.workbench("again")
            let first = try await bench.claimOne(.singleton)
            let start = environment.now
            try expectEqual(try await bench.finish(first), .done, "finishing")
            await environment.advance(by: .seconds(1))
            let second = try await bench.claimOne(.singleton, by: bench.other)
            try expect(environment.now - start >= .seconds(1), "the next run came early")
            try expectEqual(second.id, first.id, "the id")
            try expectEqual(second.attempt, 1, "the attempt after a good end")
            try await bench.expectRefused(first, "by the owner of an earlier run")
        },
        ConformanceCheck("singleton: a run can set the time of the next one") { environment in
            let bench = try await environment.workbench("next-run")
            let task = try await bench.claimOne(.singleton)
            try expectEqual(try await bench.finish(task, nextRun: .after(.seconds(500))), .done, "finishing")
            guard case .unavailable(.after(let delay)) = try await bench.claim(.singleton, by: bench.other) else {
                throw ConformanceFailure("a singleton could be claimed before its time, or no time was told")
            }
            try expect(delay > .seconds(400) && delay <= .seconds(500), "due in 500 s, told as \(delay)")
        },
        ConformanceCheck("singleton: a failed run comes back at its time and its attempts go on counting") {
            environment in
            let bench = try await environment.workbench("failed")
            for attempt in 1...3 {
                let task = try await bench.claimOne(.singleton)
                try expectEqual(task.attempt, attempt, "the attempt")
                try expectEqual(try await bench.fail(task, .retry(.after(environment.unit))), .done, "failing")
                await environment.advance(by: environment.unit)
            }
            let last = try await bench.claimOne(.singleton)
            try expectEqual(last.attempt, 4, "the attempt after three failures")
            try expectEqual(try await bench.finish(last, nextRun: .now), .done, "finishing")
            try expectEqual(try await bench.claimOne(.singleton).attempt, 1, "the attempt after a good end")
        },
        ConformanceCheck("singleton: is never a dead letter") { environment in
            let bench = try await environment.workbench("never-dead")
            try expectEqual(try await bench.fail(try await bench.claimOne(.singleton), .dead), .done, "giving up")
            guard case .unavailable(.after(let delay)) = try await bench.claim(.singleton) else {
                throw ConformanceFailure("a singleton that gave up does not come back later")
            }
            try expect(delay <= .seconds(300), "it comes back in \(delay)")
        },
        ConformanceCheck("singleton: release gives the run and the attempt back at once") { environment in
            let bench = try await environment.workbench("release")
            let first = try await bench.claimOne(.singleton)
            try expectEqual(try await bench.release(first), .done, "releasing")
            let second = try await bench.claimOne(.singleton, by: bench.other)
            try expectEqual(second.attempt, 1, "the attempt after a clean release")
            try await bench.expectRefused(first, "after a release")
            try expectEqual(try await bench.renew(second), .done, "renewing")
            try expectEqual(try await bench.release(second, after: .seconds(400)), .done, "releasing for a while")
            guard case .unavailable(.after(let delay)) = try await bench.claim(.singleton) else {
                throw ConformanceFailure("a singleton that is left alone could be claimed")
            }
            try expect(delay > .seconds(300) && delay <= .seconds(400), "a release for 400 s is told as \(delay)")
        },
        ConformanceCheck("singleton: an owner whose lease has ended is replaced and then refused") { environment in
            let bench = try await environment.workbench("takeover")
            let first = try await bench.claimOne(.singleton, lease: bench.shortLease)
            await environment.advance(by: bench.shortLease)
            let second = try await bench.claimOne(.singleton, by: bench.other)
            try expectEqual(second.attempt, 2, "the attempt after a crash")
            try await bench.expectRefused(first, "by the replaced owner")
            try expectEqual(try await bench.finish(second), .done, "finishing")
        },
        ConformanceCheck("singleton: an owner whose lease has ended but who was not replaced may finish") {
            environment in
            let bench = try await environment.workbench("late")
            let task = try await bench.claimOne(.singleton, lease: bench.shortLease)
            await environment.advance(by: bench.shortLease * 2)
            try expectEqual(try await bench.renew(task), .done, "a late renewal")
            try expectEqual(try await bench.finish(task), .done, "finishing")
        },
    ]
}
