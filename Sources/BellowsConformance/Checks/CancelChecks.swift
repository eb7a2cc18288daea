import Bellows
import BellowsTesting

/// What cancelling tasks promises.
enum CancelChecks {
    static let all = [
        ConformanceCheck("cancel: what waits ends at once, and its waiters are told why") { environment in
            let bench = try await environment.workbench("cancel-waiting")
            let managing = try bench.capability((any BackendManaging).self)
            let ready = try await bench.publish("a").id
            let later = PublishOptions(availability: .after(.seconds(500)), announcesResult: true)
            let delayed = try await bench.publish("b", options: later).id
            let failed = try await bench.publish("c").id
            let kept = try await bench.publish("d").id
            try expectEqual(try await bench.fail(bench.claimOne(.id(failed)), .retry(.now)), .done, "failing")
            let outcomes = try await managing.cancel([ready, delayed, failed, TaskID()], in: bench.name, reason: "why")
            try expectEqual(outcomes, [.cancelled, .cancelled, .cancelled, .unknown], "the outcomes")
            for id in [ready, delayed, failed] {
                try expectEqual(try await bench.result(of: id), .cancelled(reason: "why"), "the result")
            }
            let again = try await managing.cancel([ready], in: bench.name, reason: "once more")
            try expectEqual(again, [.cancelled], "cancelling what is cancelled")
            try expectEqual(try await bench.result(of: ready), .cancelled(reason: "why"), "the result afterwards")
            try expectEqual(try await bench.drain(), ["d"], "what is left")
            try expectEqual(try await managing.cancel([kept], in: bench.name, reason: "").count, 1, "outcomes of one")
        },
        ConformanceCheck("cancel: what has ended stays as it is") { environment in
            let bench = try await environment.workbench("cancel-ended")
            let managing = try bench.capability((any BackendManaging).self)
            let finished = try await bench.publish("a", options: PublishOptions(resultRetention: .seconds(500))).id
            try expectEqual(try await bench.finish(bench.claimOne(), result: [7]), .done, "finishing")
            let dead = try await bench.publish("b").id
            try expectEqual(try await bench.fail(bench.claimOne(), .dead, error: "no"), .done, "giving up")
            let outcomes = try await managing.cancel([finished, dead], in: bench.name, reason: "late")
            try expectEqual(outcomes, [.finished, .dead], "the outcomes")
            try expectEqual(try await bench.result(of: finished), .finished([7]), "the result")
            try expectEqual(try await bench.result(of: dead), .dead(reason: "no"), "the reason")
        },
        ConformanceCheck("cancel: the holder of a running task hears of it, by a signal and by its renewal") {
            environment in
            let bench = try await environment.workbench("cancel-running")
            let managing = try bench.capability((any BackendManaging).self)
            let reader = SignalReader(try await bench.backend.subscribe(to: [.tasks(bench.name)]))
            try await reader.expect(.checkEverything)
            try await bench.publish("a")
            let task = try await bench.claimOne()
            try expectEqual(try await bench.renew(task), .done, "renewing before")
            // Who asks may be another process than the one that holds the task.
            let other = try Self.managing(bench.other)
            let outcome = try await other.cancel([task.id], in: bench.name, reason: "the user left").first
            guard case .requested? = outcome else { throw ConformanceFailure("the outcome is \(outcome as Any)") }
            let notice = CancellationNotice(
                name: bench.name,
                id: task.id,
                token: task.lease.token,
                reason: "the user left"
            )
            try await reader.wait(for: "the cancellation") { $0 == .cancellation(notice) || $0 == .checkEverything }
            let asked = LeaseOutcome.cancellationRequested(reason: "the user left")
            try expectEqual(try await bench.renew(task), asked, "renewing")
            _ = try await managing.cancel([task.id], in: bench.name, reason: "a second reason")
            try expectEqual(try await bench.renew(task), asked, "renewing once more")
            try expectEqual(try await bench.result(of: task.id), .pending, "the result meanwhile")
            if let inspecting = bench.backend.capability((any BackendInspecting).self) {
                let seen = try await inspecting.inspect(task.id, in: bench.name)
                try expectEqual(seen?.cancellationReason, "the user left", "the reason while it runs")
            }
            try expectEqual(try await bench.fail(task, .retry(.now), error: "stopped"), .done, "stopping")
            try expectEqual(try await bench.result(of: task.id), .cancelled(reason: "the user left"), "the result")
            try expectEqual(try await bench.drain(), [], "what is left")
            try expectEqual(try await managing.cancel([task.id], in: bench.name, reason: ""), [.cancelled], "again")
        },
        ConformanceCheck("cancel: whatever ends the attempt, it was the last one") { environment in
            let bench = try await environment.workbench("cancel-last")
            let managing = try bench.capability((any BackendManaging).self)
            var tasks: [ClaimedTask] = []
            for text in ["fails", "dies", "is given back", "finishes", "runs again", "is lost"] {
                let short = text == "is lost"
                try await bench.publish(text, options: PublishOptions(announcesResult: true))
                tasks.append(try await bench.claimOne(lease: short ? bench.shortLease : Workbench.longLease))
            }
            let outcomes = try await managing.cancel(tasks.map(\.id), in: bench.name, reason: "enough")
            for outcome in outcomes {
                guard case .requested = outcome else { throw ConformanceFailure("an outcome is \(outcome)") }
            }
            try expectEqual(try await bench.fail(tasks[0], .retry(.now)), .done, "failing")
            try expectEqual(try await bench.fail(tasks[1], .dead), .done, "giving up")
            try expectEqual(try await bench.release(tasks[2]), .done, "giving back")
            try expectEqual(try await bench.finish(tasks[3], result: [3]), .done, "finishing")
            try expectEqual(try await bench.finish(tasks[4], result: [4], nextRun: .now), .done, "finishing a run")
            await environment.advance(by: bench.shortLease)
            try expectEqual(try await bench.drain(), [], "what is handed out again")
            let expected: [ResultLookup] = [
                .cancelled(reason: "enough"), .cancelled(reason: "enough"), .cancelled(reason: "enough"),
                .finished([3]), .finished([4]), .cancelled(reason: "enough"),
            ]
            for (task, result) in zip(tasks, expected) {
                try expectEqual(try await bench.result(of: task.id), result, "a result")
            }
            try await bench.expectRefused(tasks[5], "after a worker found the lease of a cancelled task ended")
            if let inspecting = bench.backend.capability((any BackendInspecting).self) {
                let counts = try await inspecting.statistics(of: bench.name)
                try expectEqual(counts.cancelledTotal, 4, "tasks that were cancelled")
                try expectEqual(counts.dead, 0, "dead letters")
                try expect(counts.isEmpty, "something is left: \(counts)")
            }
        },
        ConformanceCheck("cancel: an ended lease ends the task by its id too, and where the definition is closed") {
            environment in
            let bench = try await environment.workbench("cancel-lost")
            let managing = try bench.capability((any BackendManaging).self)
            var ids: [TaskID] = []
            for text in ["a", "b"] {
                try await bench.publish(text)
                ids.append(try await bench.claimOne(lease: bench.shortLease).id)
            }
            for outcome in try await managing.cancel(ids, in: bench.name, reason: "gone") {
                guard case .requested = outcome else { throw ConformanceFailure("an outcome is \(outcome)") }
            }
            await environment.advance(by: bench.shortLease)
            guard case .notFound = try await bench.claim(.id(ids[0])) else {
                throw ConformanceFailure("it could be claimed by its id")
            }
            try expectEqual(try await bench.result(of: ids[0]), .cancelled(reason: "gone"), "the first result")
            let keeping = bench.backend.capability((any FleetKeeping).self)
            _ = try await keeping?.pause(bench.name, for: nil, note: "")
            _ = try await bench.claimNothing()
            try expectEqual(try await bench.result(of: ids[1]), .cancelled(reason: "gone"), "the second result")
        },
        ConformanceCheck("cancel: another attempt and another life of the id are not touched") { environment in
            let bench = try await environment.workbench("cancel-life")
            let managing = try bench.capability((any BackendManaging).self)
            let id = TaskID()
            let options = PublishOptions(id: id, deduplicationWindow: .zero)
            try await bench.publish("one", options: options)
            let first = try await bench.claimOne()
            _ = try await managing.cancel([id], in: bench.name, reason: "one")
            try expectEqual(try await bench.finish(first), .done, "finishing")
            try await bench.publish("two", options: options)
            let second = try await bench.claimOne()
            try expectEqual(try await bench.renew(second), .done, "renewing the second life")
            try expectEqual(try await bench.fail(second, .retry(.now)), .done, "failing in the second life")
            try expectEqual(try await bench.drain(), ["two"], "the second life")
        },
        ConformanceCheck("cancel: lists that are too long, long reasons and singletons are refused") { environment in
            let bench = try await environment.workbench("cancel-refused")
            let managing = try bench.capability((any BackendManaging).self)
            let id = try await bench.publish("a").id
            let many = (0...VerbLimits.changedTasks).map { _ in TaskID() }
            let long = String(repeating: "r", count: VerbLimits.reasonBytes + 1)
            for (ids, reason) in [(many, ""), ([id], long), ([id, .singleton], "")] {
                try await expectThrows(BellowsError.self, "cancelling \(ids.count) for \(reason.utf8.count) bytes") {
                    _ = try await managing.cancel(ids, in: bench.name, reason: reason)
                }
            }
            try expectEqual(try await managing.cancel([], in: bench.name, reason: ""), [], "cancelling nothing")
            try expectEqual(try await bench.drain(), ["a"], "the task")
        },
        ConformanceCheck("cancel: the handler is cancelled and told why, and who asks learns how it ended") {
            environment in
            let backend = try await environment.makeBackend()
            let asker = try await environment.makeBackend()
            _ = try Self.managing(asker)
            let causes = EventProbe<CancellationCause?>()
            let begun = EventProbe<TaskID>()
            let handler = TaskHandler.on(EchoDefinition.self) { text, context in
                begun.record(context.id)
                // What never comes is awaited until the handler is cancelled.
                _ = try? await EventProbe<Void>().wait(forCount: 1)
                causes.record(context.cancellation)
                if text == "finishes" { return "all the same" }
                throw CancellationError()
            }
            try await dispatching(handler, on: backend) { _ in
                for (text, end) in [("stops", CancelOutcome.cancelled), ("finishes", .finished)] {
                    let published = try await backend.publishAwaitable(EchoDefinition.self, text)
                    try await begun.wait(for: "the handler") { $0.contains(published.id) }
                    let task = asker.task(EchoDefinition.self, published.id)
                    let cancellation = try await task.cancel(reason: "why not")
                    guard case .requested = cancellation.outcome else {
                        throw ConformanceFailure("the outcome is \(cancellation.outcome)")
                    }
                    try expectEqual(try await cancellation.wait(timeout: .seconds(60)), end, "how \(text) ended")
                }
            }
            let asked = CancellationCause.requested(reason: "why not")
            try expectEqual(causes.events, [asked, asked], "the causes")
        },
    ]

    private static func managing(_ backend: any Backend) throws(NotApplicable) -> any BackendManaging {
        guard let capability = backend.capability((any BackendManaging).self) else {
            throw NotApplicable("the backend is no BackendManaging")
        }
        return capability
    }
}
