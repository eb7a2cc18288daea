import Bellows

/// How tasks of dead workers come back.
enum SweepChecks {
    static let all = [
        ConformanceCheck("sweep: leases that have ended are taken over by the next claims") { environment in
            let bench = try await environment.workbench("taken-over")
            var ids: Set<TaskID> = []
            for text in ["a", "b", "c"] { ids.insert(try await bench.publish(text).id) }
            guard case .claimed(let lost, _) = try await bench.claim(.earliest(3), lease: bench.shortLease) else {
                throw ConformanceFailure("nothing claimed")
            }
            try expectEqual(lost.count, 3, "tasks of a worker that dies")
            await environment.advance(by: bench.shortLease)
            guard case .claimed(let first, _) = try await bench.claim(.earliest(2), by: bench.other) else {
                throw ConformanceFailure("ended leases were not taken over")
            }
            try expectEqual(first.count, 2, "taken over, as asked for")
            let last = try await bench.claimOne(by: bench.other)
            try expectEqual(Set(first.map(\.id) + [last.id]), ids, "tasks taken over")
            try expectEqual(Set(first.map(\.attempt) + [last.attempt]), [2], "their attempts")
        },
        ConformanceCheck("sweep: a claim takes no more ended leases than it hands out") { environment in
            let bench = try await environment.workbench("no-more")
            for text in ["a", "b", "c"] { try await bench.publish(text) }
            guard case .claimed(let held, _) = try await bench.claim(.earliest(3), lease: bench.shortLease) else {
                throw ConformanceFailure("nothing claimed")
            }
            await environment.advance(by: bench.shortLease)
            let taken = try await bench.claimOne(by: bench.other)
            for task in held where task.id != taken.id {
                try expectEqual(try await bench.renew(task), .done, "renewing what nobody has taken over")
            }
        },
        ConformanceCheck("sweep: a claim that finds nothing tells when the next lease ends") { environment in
            let bench = try await environment.workbench("lease-end")
            try await bench.publish("x")
            let start = environment.now
            _ = try await bench.claimOne(lease: environment.unit * 2)
            let end = environment.now
            while true {
                let sent = environment.now
                let outcome = try await bench.claim(by: bench.other)
                if case .claimed = outcome { break }
                guard case .unavailable(.after(let delay)) = outcome, delay <= environment.unit * 2 else {
                    throw ConformanceFailure("the end of a lease was not told: \(outcome)")
                }
                guard sent - end <= environment.unit * 2 + .milliseconds(20) else {
                    throw ConformanceFailure("an ended lease was not taken over")
                }
                await environment.advance(by: delay)
            }
            try expect(environment.now - start >= environment.unit * 2, "a lease was taken over before its end")
        },
        ConformanceCheck("sweep: a lease that has ended can be taken over by its task's id") { environment in
            let bench = try await environment.workbench("by-id")
            let id = try await bench.publish("x").id
            let first = try await bench.claimOne(lease: bench.shortLease)
            await environment.advance(by: bench.shortLease)
            try expectEqual(try await bench.claimOne(.id(id), by: bench.other).attempt, 2, "the attempt")
            try await bench.expectRefused(first, "by the first holder")
        },
    ]
}
