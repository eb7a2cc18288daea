import Bellows

/// What leases and their tokens promise.
enum LeaseChecks {
    static let all = [
        ConformanceCheck("lease: renewing extends it by its full length from now") { environment in
            let bench = try await environment.workbench("renew")
            let lease = environment.unit * 40
            let id = try await bench.publish("x").id
            let task = try await bench.claimOne(lease: lease)
            await environment.advance(by: environment.unit * 2)
            let start = environment.now
            try expectEqual(try await bench.renew(task), .done, "renewing")
            let outcome = try await bench.claim(.id(id), by: bench.other)
            let passed = environment.now - start
            // However slow the machine is, the lease ends no earlier than its length after the renewal was sent.
            guard case .leased(let remaining) = outcome else {
                if passed < lease { throw ConformanceFailure("a renewed lease was not held: \(outcome)") }
                return
            }
            try expect(remaining <= lease, "a lease of \(lease) has \(remaining) left")
            try expect(
                remaining + .milliseconds(2) >= lease - passed,
                "\(remaining) left, \(passed) after renewing a lease of \(lease)"
            )
        },
        ConformanceCheck("lease: once it has ended and the task is claimed again, the first holder is refused") {
            environment in
            let bench = try await environment.workbench("fenced")
            let published = try await bench.publish("x", options: PublishOptions(announcesResult: true))
            let first = try await bench.claimOne(lease: bench.shortLease)
            await environment.advance(by: bench.shortLease)
            let second = try await bench.claimOne(by: bench.other)
            try expectEqual(second.id, first.id, "the task")
            try expectEqual(second.attempt, 2, "the second attempt")
            try expect(second.lease.token != first.lease.token, "each claim has a token of its own")
            try await bench.expectRefused(first, "by the first holder")
            try expectEqual(try await bench.result(of: published.id), .pending, "the result after refusals")
            try expectEqual(try await bench.renew(second), .done, "the second holder's renewal")
            try expectEqual(try await bench.finish(second, result: [2]), .done, "the second holder's finish")
            try expectEqual(try await bench.result(of: published.id), .finished([2]), "the result")
        },
        ConformanceCheck("lease: each later holder of a task has a greater fence, however it claims") { environment in
            let bench = try await environment.workbench("fences")
            let id = try await bench.publish("x").id
            let first = try await bench.claimOne(lease: bench.shortLease)
            await environment.advance(by: bench.shortLease)
            let second = try await bench.claimOne(by: bench.other)
            try expect(second.fence > first.fence, "\(second.fence) after \(first.fence), when the lease had ended")
            try expectEqual(try await bench.fail(second, .retry(.now)), .done, "failing")
            let third = try await bench.claimOne(.id(id))
            try expect(third.fence > second.fence, "\(third.fence) after \(second.fence), by id")
            try expectEqual(try await bench.release(third), .done, "releasing")
            let last = try await bench.claimOne(by: bench.other)
            try expect(last.fence > third.fence, "\(last.fence) after \(third.fence), when it was given back")
            var owners: [ClaimedTask] = []
            for _ in 0..<2 {
                owners.append(try await bench.claimOne(.singleton))
                try expectEqual(try await bench.release(owners[owners.count - 1]), .done, "releasing the singleton")
            }
            try expect(owners[1].fence > owners[0].fence, "\(owners[1].fence) after \(owners[0].fence), a singleton")
        },
        ConformanceCheck("lease: ended but not taken over, it still finishes") { environment in
            let bench = try await environment.workbench("late-finish")
            let published = try await bench.publish("x", options: PublishOptions(announcesResult: true))
            let task = try await bench.claimOne(lease: bench.shortLease)
            await environment.advance(by: bench.shortLease * 2)
            try expectEqual(try await bench.finish(task, result: [1]), .done, "a late finish")
            try expectEqual(try await bench.result(of: published.id), .finished([1]), "the result")
            try expectEqual(try await bench.claimNothing(), .onSignal, "a claim after a late finish")
        },
        ConformanceCheck("lease: ended but not taken over, it still renews, and holds again") { environment in
            let bench = try await environment.workbench("late-renewal")
            let id = try await bench.publish("x").id
            // The renewal is by the lease that the holder wants, here a much longer one.
            let short = try await bench.claimOne(lease: bench.shortLease).lease
            let lease = Lease(name: short.name, kind: short.kind, id: id, token: short.token, duration: .seconds(600))
            await environment.advance(by: bench.shortLease * 2)
            try expectEqual(try await bench.backend.renew([lease], in: bench.name), [.done], "a late renewal")
            guard case .leased = try await bench.claim(.id(id), by: bench.other) else {
                throw ConformanceFailure("a late renewal does not hold")
            }
        },
        ConformanceCheck("lease: release gives the task and the attempt back at once") { environment in
            let bench = try await environment.workbench("release")
            try await bench.publish("x")
            for _ in 1...3 {
                let task = try await bench.claimOne()
                try expectEqual(task.attempt, 1, "the attempt after clean releases")
                try expectEqual(try await bench.release(task), .done, "releasing")
                try await bench.expectRefused(task, "after a release")
            }
            let failed = try await bench.claimOne()
            try expectEqual(try await bench.fail(failed, .retry(.now)), .done, "failing")
            let second = try await bench.claimOne()
            try expectEqual(second.attempt, 2, "the attempt after a failure")
            try expectEqual(try await bench.release(second), .done, "releasing the second attempt")
            try expectEqual(try await bench.claimOne().attempt, 2, "the attempt after failure and release")
        },
        ConformanceCheck("lease: release with a delay gives the attempt back, and the task after the delay") {
            environment in
            let bench = try await environment.workbench("release-later")
            let id = try await bench.publish("x").id
            let first = try await bench.claimOne()
            let start = environment.now
            try expectEqual(try await bench.release(first, after: environment.unit), .done, "releasing")
            try await bench.expectRefused(first, "after a release")
            await environment.advance(by: environment.unit)
            let second = try await bench.claimOne(by: bench.other)
            try expect(environment.now - start >= environment.unit, "it was handed out early")
            try expectEqual(second.attempt, 1, "the attempt after a release")
            try expectEqual(try await bench.release(second, after: .seconds(400)), .done, "releasing for longer")
            guard case .after(let delay) = try await bench.claimNothing() else {
                throw ConformanceFailure("the time of a released task was not told")
            }
            try expect(delay > .seconds(300) && delay <= .seconds(400), "a release for 400 s is told as \(delay)")
            guard case .unavailable(.after) = try await bench.claim(.id(id)) else {
                throw ConformanceFailure("a task that is left alone could be claimed by its id")
            }
        },
        ConformanceCheck("lease: releases with different delays do not mix, and one that is too long is refused") {
            environment in
            let bench = try await environment.workbench("release-mixed")
            for text in ["a", "b", "c"] { try await bench.publish(text) }
            guard case .claimed(let tasks, _) = try await bench.claim(.earliest(3)), tasks.count == 3 else {
                throw ConformanceFailure("three tasks could not be claimed")
            }
            try await expectThrows(BellowsError.self, "a release for too long") {
                _ = try await bench.release(tasks[0], after: Availability.maximumDelay + .seconds(1))
            }
            async let late = bench.release(tasks[0], after: .seconds(400))
            async let negative = bench.release(tasks[1], after: .seconds(-1))
            async let later = bench.release(tasks[2], after: .seconds(800))
            try expectEqual(try await [late, negative, later], [.done, .done, .done], "releasing")
            try expectEqual(try await bench.claimOne().id, tasks[1].id, "the task that is due")
            guard case .unavailable(.after(let delay)) = try await bench.claim(.id(tasks[2].id)) else {
                throw ConformanceFailure("a task that is left alone could be claimed by its id")
            }
            try expect(delay > .seconds(700) && delay <= .seconds(800), "a release for 800 s is told as \(delay)")
        },
        ConformanceCheck("lease: a claim after a release has the same attempt but another token") { environment in
            let bench = try await environment.workbench("same-attempt")
            try await bench.publish("x")
            let first = try await bench.claimOne()
            try expectEqual(try await bench.release(first), .done, "releasing")
            let second = try await bench.claimOne(by: bench.other)
            try expectEqual(second.attempt, first.attempt, "the attempt")
            try await bench.expectRefused(first, "with the token of the same attempt's earlier claim")
            try expectEqual(try await bench.finish(second), .done, "finishing")
        },
        ConformanceCheck("lease: the token of an attempt that has ended fits nothing") { environment in
            let bench = try await environment.workbench("ended")
            try await bench.publish("x")
            let failed = try await bench.claimOne()
            try expectEqual(try await bench.fail(failed, .retry(.now)), .done, "failing")
            try await bench.expectRefused(failed, "after a failure")
            let rerun = try await bench.claimOne()
            try expectEqual(try await bench.finish(rerun, nextRun: .now), .done, "setting a next run")
            try await bench.expectRefused(rerun, "after setting a next run")
            let finished = try await bench.claimOne()
            try expectEqual(try await bench.finish(finished), .done, "finishing")
            try await bench.expectRefused(finished, "after finishing")
            try await bench.publish("y")
            let dead = try await bench.claimOne()
            try expectEqual(try await bench.fail(dead, .dead), .done, "giving up")
            try await bench.expectRefused(dead, "after the task's death")
        },
        ConformanceCheck("lease: a caller's id that returns does not revive old tokens") { environment in
            let bench = try await environment.workbench("id-returns")
            let options = PublishOptions(id: try TaskID("again"), deduplicationWindow: .zero)
            _ = try await bench.publish("1", options: options)
            let first = try await bench.claimOne()
            try expectEqual(try await bench.finish(first), .done, "finishing the first")
            _ = try await bench.publish("2", options: options)
            let second = try await bench.claimOne()
            try expectEqual(second.attempt, first.attempt, "the attempt")
            try await bench.expectRefused(first, "with a token of an earlier task of this id")
            try expectEqual(try await bench.finish(second), .done, "finishing the second")
        },
        ConformanceCheck("lease: a call with a thousand leases answers each in its place") { environment in
            let bench = try await environment.workbench("many")
            var leases: [Lease] = []
            for _ in 0..<10 {
                let requests = [PublishRequest](repeating: PublishRequest(payload: [1]), count: 100)
                _ = try await bench.backend.publish(requests, to: bench.name)
                guard case .claimed(let tasks, _) = try await bench.claim(.earliest(100)) else {
                    throw ConformanceFailure("nothing claimed")
                }
                leases += tasks.map(\.lease)
            }
            try expectEqual(leases.count, 1000, "leases")
            let lost = leases.indices.filter { $0 % 7 == 3 }
            for start in stride(from: 0, to: lost.count, by: 100) {
                let part = lost[start..<min(start + 100, lost.count)].map { leases[$0] }
                let outcomes = try await bench.backend.release(part, in: bench.name)
                try expectEqual(outcomes, part.map { _ in .done }, "releases")
            }
            let outcomes = try await bench.backend.renew(leases, in: bench.name)
            let expected = leases.indices.map { $0 % 7 == 3 ? LeaseOutcome.leaseLost : .done }
            try expectEqual(outcomes, expected, "renewals")
        },
    ]
}
