import Bellows
import BellowsTesting

/// How dispatchers and waiters get through faults, which ``FlakyBackend`` makes on command.
enum OutageChecks {
    private typealias Run = RecordingWorker<EchoDefinition>.Run

    static let all = [
        ConformanceCheck("outage: tasks published while signals are lost run after the checkEverything") {
            environment in
            let backend = try await environment.makeBackend()
            let flaky = FlakyBackend(try await environment.makeBackend())
            let probe = EventProbe<Run>()
            try await dispatching(DispatcherChecks.echo(probe), on: flaky) { _ in
                try await backend.publish(EchoDefinition.self, "before")
                try await probe.wait(forCount: 1)
                flaky.dropSignals()
                for text in ["a", "b", "c"] { try await backend.publish(EchoDefinition.self, text) }
                flaky.restoreSignals()
                try await probe.wait(forCount: 4)
            }
            try expectEqual(Set(probe.events.map(\.input)), ["before", "a", "b", "c"], "payloads")
        },
        ConformanceCheck("outage: a result announced while signals are lost arrives after the checkEverything") {
            environment in
            let worker = try await environment.makeBackend()
            let flaky = FlakyBackend(try await environment.makeBackend())
            let task = try await flaky.publishAwaitable(EchoDefinition.self, "x")
            flaky.dropSignals()
            _ = try await worker.runTaskOnce(DispatcherChecks.echo(EventProbe()), id: task.id)
            flaky.restoreSignals()
            try expectEqual(try await task.wait(), "x!", "the result")
        },
        ConformanceCheck("outage: claims that fail are tried again until the store is back") { environment in
            let backend = try await environment.makeBackend()
            let flaky = FlakyBackend(try await environment.makeBackend())
            let probe = EventProbe<Run>()
            flaky.inject(.refused(BellowsError(.unavailable, "an outage on purpose")), into: [.claim], count: 3)
            try await dispatching(DispatcherChecks.echo(probe), on: flaky) { _ in
                try await backend.publish(EchoDefinition.self, "x")
                try await environment.wait(on: probe, passing: .seconds(20), for: "the run") { !$0.isEmpty }
            }
            try expect(flaky.calls.events.filter { $0 == .claim }.count >= 4, "three claims should have failed")
        },
        ConformanceCheck("outage: a finish that could not be delivered is delivered later, without another run") {
            environment in
            let flaky = FlakyBackend(try await environment.makeBackend())
            let probe = EventProbe<Run>()
            let finished = EventProbe<String>()
            flaky.inject(.refused(BellowsError(.unavailable, "an outage on purpose")), into: [.finish], count: 2)
            let lease = Duration.seconds(10)
            try await dispatching(DispatcherChecks.echo(probe), on: flaky, lease: lease) { _ in
                let task = try await flaky.publishAwaitable(EchoDefinition.self, "x")
                let waiting = Task { finished.record(try await task.wait()) }
                defer { waiting.cancel() }
                try await flaky.calls.wait(for: "a first finish") { $0.contains(.finish) }
                // A report is repeated after one twentieth of the lease.
                try await environment.wait(on: finished, passing: lease / 4, for: "the result") { !$0.isEmpty }
            }
            try expectEqual(finished.events, ["x!"], "results")
            try expectEqual(probe.events.count, 1, "runs")
        },
        ConformanceCheck("outage: a finish whose reply was lost counts once") { environment in
            let backend = try await environment.makeBackend()
            let flaky = FlakyBackend(backend)
            let probe = EventProbe<Run>()
            flaky.inject(.replyLost, into: [.finish], count: 1)
            let lease = Duration.seconds(10)
            try await dispatching(DispatcherChecks.echo(probe), on: flaky, lease: lease) { _ in
                let task = try await backend.publishAwaitable(EchoDefinition.self, "x")
                try expectEqual(try await task.wait(), "x!", "the result")
                try await environment.wait(on: flaky.calls, passing: lease / 4, for: "the finish, repeated") { calls in
                    calls.count { $0 == .finish } == 2
                }
            }
            try expectEqual(probe.events.count, 1, "runs")
        },
        ConformanceCheck("outage: a publish that failed tells whether repeating it is safe") { environment in
            let backend = try await environment.makeBackend()
            let flaky = FlakyBackend(backend)
            let options = PublishOptions(id: try TaskID("order-1"))
            flaky.inject(.replyLost, into: [.publish], count: 1)
            let failure = try await expectThrows(BellowsError.self, "a lost reply") {
                _ = try await flaky.publish(EchoDefinition.self, "x", options: options)
            }
            try expectEqual(failure.code, .outcomeUnknown, "the code")
            try expect(failure.isRetryable, "a lost reply is retryable")
            let again = try await flaky.publish(EchoDefinition.self, "x", options: options)
            try expectEqual(again.disposition, .alreadyPublished, "the repeated publish")
        },
    ]
}
