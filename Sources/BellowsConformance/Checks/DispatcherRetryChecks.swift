import Bellows
import BellowsTesting

/// How a dispatcher treats attempts that do not end well.
enum DispatcherRetryChecks {
    private typealias Run = RecordingWorker<EchoDefinition>.Run

    static let all = [
        ConformanceCheck("dispatcher: a worker that asks for another try gets it, and the waiter its result") {
            environment in
            let backend = try await environment.makeBackend()
            let probe = EventProbe<Run>()
            let handler = TaskHandler.on { _ in
                RecordingWorker<EchoDefinition>(probe) { run in
                    guard run.attempt == 3 else { throw TaskFailure.retryImmediately }
                    return .done("third time")
                }
            }
            try await dispatching(handler, on: backend) { _ in
                let task = try await backend.publishAwaitable(EchoDefinition.self, "x")
                try expectEqual(try await task.wait(), "third time", "the result")
                try expectEqual(probe.events.map(\.attempt), [1, 2, 3], "attempts")
                try expectEqual(Set(probe.events.map(\.id)), [task.id], "ids")
            }
        },
        ConformanceCheck("dispatcher: errors are retried after a pause until the attempts are used up") { environment in
            let backend = try await environment.makeBackend()
            let probe = EventProbe<Run>()
            let handler = TaskHandler.on { _ in
                RecordingWorker<EchoDefinition>(probe) { run in throw Broken(attempt: run.attempt) }
            }
            try await dispatching(handler, on: backend) { _ in
                let task = try await backend.publishAwaitable(EchoDefinition.self, "x")
                try await environment.wait(on: probe, passing: .seconds(2), for: "three attempts") { $0.count == 3 }
                let failure = try await expectThrows(TaskAwaitError.self, "a task without attempts left") {
                    _ = try await task.wait()
                }
                guard case .dead(let reason) = failure else { throw ConformanceFailure("it ended as \(failure)") }
                try expect(reason.contains("attempt 3 broke"), "the reason is the last error: \(reason)")
            }
            try expectEqual(probe.events.map(\.attempt), [1, 2, 3], "attempts")
        },
        ConformanceCheck("dispatcher: a publisher can set the number of attempts") { environment in
            let backend = try await environment.makeBackend()
            let probe = EventProbe<Run>()
            let handler = TaskHandler.on { _ in
                RecordingWorker<EchoDefinition>(probe) { run in throw Broken(attempt: run.attempt) }
            }
            try await dispatching(handler, on: backend) { _ in
                let options = PublishOptions(retryPolicy: RetryPolicy(maximumAttempts: 1))
                let task = try await backend.publishAwaitable(EchoDefinition.self, "x", options: options)
                try await expectThrows(TaskAwaitError.self, "a task with one attempt") { _ = try await task.wait() }
            }
            try expectEqual(probe.events.map(\.attempt), [1], "attempts")
        },
        ConformanceCheck("dispatcher: a worker can give up, and the waiter learns why") { environment in
            let backend = try await environment.makeBackend()
            let handler = TaskHandler.on(EchoDefinition.self) { _, _ in throw TaskFailure.dead(reason: "no such file") }
            try await dispatching(handler, on: backend) { _ in
                let task = try await backend.publishAwaitable(EchoDefinition.self, "x")
                let failure = try await expectThrows(TaskAwaitError.self, "a task given up") {
                    _ = try await task.wait()
                }
                guard case .dead("no such file") = failure else { throw ConformanceFailure("it ended as \(failure)") }
            }
        },
        ConformanceCheck("dispatcher: an undecodable payload is dead with a reason, at once, and others flow") {
            environment in
            let backend = try await environment.makeBackend()
            let probe = EventProbe<Run>()
            let name = try TaskName(EchoDefinition.name)
            try await dispatching(DispatcherChecks.echo(probe), on: backend) { _ in
                for garbage in [[], [0, 0xFF, 0xC3, 0x28], Array("{".utf8), Array("17".utf8)] as [[UInt8]] {
                    let options = PublishOptions(announcesResult: true)
                    let request = PublishRequest(payload: garbage, options: options)
                    let id = try await backend.publish([request], to: name)[0].id
                    let failure = try await expectThrows(TaskAwaitError.self, "an undecodable payload") {
                        _ = try await backend.awaitResult(of: id, in: name)
                    }
                    guard case .dead(let reason) = failure, reason.contains("undecodable") else {
                        throw ConformanceFailure("an undecodable payload ended as \(failure)")
                    }
                }
                let sound = try await backend.publishAwaitable(EchoDefinition.self, "sound")
                try expectEqual(try await sound.wait(), "sound!", "another task's result")
            }
            try expectEqual(probe.events.map(\.input), ["sound"], "what workers saw")
        },
        ConformanceCheck("dispatcher: a result over the limit is dead with that reason") { environment in
            let bench = try await environment.workbench("large-result")
            let limit = bench.backend.limits.result
            let handler = TaskHandler(name: bench.name) { payload, _ in
                [UInt8](repeating: 1, count: limit + payload.count)
            }
            try await dispatching(handler, on: bench.backend) { _ in
                let fitting = try await bench.publish([], options: PublishOptions(announcesResult: true)).id
                let bytes = try await bench.backend.awaitResult(of: fitting, in: bench.name)
                try expectEqual(bytes.count, limit, "bytes of a result of the limit's size")
                let large = try await bench.publish([0], options: PublishOptions(announcesResult: true)).id
                let failure = try await expectThrows(TaskAwaitError.self, "a result over the limit") {
                    _ = try await bench.backend.awaitResult(of: large, in: bench.name)
                }
                guard case .dead(let reason) = failure, reason.contains("\(limit)") else {
                    throw ConformanceFailure("a result over the limit ended as \(failure)")
                }
            }
        },
        ConformanceCheck("dispatcher: the task of a dead worker is taken over when its lease ends") { environment in
            let bench = try await environment.workbench("takeover")
            let runs = EventProbe<Int>()
            let handler = TaskHandler(name: bench.name) { _, context in
                runs.record(context.attempt)
                return []
            }
            try await bench.publish("x")
            let lost = try await bench.claimOne(lease: bench.shortLease, by: bench.other)
            try await dispatching(handler, on: bench.backend) { _ in
                try await environment.wait(on: runs, passing: bench.shortLease * 3, for: "the takeover") { !$0.isEmpty }
            }
            try expectEqual(runs.events, [2], "attempts")
            try await bench.expectRefused(lost, "by the worker that was thought dead")
        },
        ConformanceCheck("dispatcher: a task whose workers all crashed is dead without another run") { environment in
            let bench = try await environment.workbench("crash-loop")
            let runs = EventProbe<Int>()
            let handler = TaskHandler(name: bench.name, options: TaskOptions(retry: RetryPolicy(maximumAttempts: 2))) {
                _,
                context in
                runs.record(context.attempt)
                return []
            }
            let id = try await bench.publish("x", options: PublishOptions(announcesResult: true)).id
            for _ in 1...2 {
                _ = try await bench.claimOne(lease: bench.shortLease)
                await environment.advance(by: bench.shortLease)
            }
            try await dispatching(handler, on: bench.backend) { _ in
                let failure = try await expectThrows(TaskAwaitError.self, "a task that crashed its workers") {
                    _ = try await bench.backend.awaitResult(of: id, in: bench.name)
                }
                guard case .dead = failure else { throw ConformanceFailure("it ended as \(failure)") }
            }
            try expectEqual(runs.events, [], "runs")
        },
        ConformanceCheck("dispatcher: success that sets a next run answers its waiter once and runs again") {
            environment in
            let backend = try await environment.makeBackend()
            let probe = EventProbe<Run>()
            let handler = TaskHandler.on { _ in
                RecordingWorker<EchoDefinition>(probe) { run in
                    let count = probe.events.count
                    return count < 3 ? .scheduleNextRun("run \(count)", .now) : .done("run \(count)")
                }
            }
            try await dispatching(handler, on: backend) { _ in
                let task = try await backend.publishAwaitable(EchoDefinition.self, "x")
                try expectEqual(try await task.wait(), "run 1", "the result")
                let runs = try await probe.wait(forCount: 3, of: "runs")
                try expectEqual(Set(runs.map(\.id)), [task.id], "ids")
                try expectEqual(Set(runs.map(\.attempt)), [1], "attempts")
                let again = try await backend.awaitResult(of: task.id, in: try TaskName(EchoDefinition.name))
                try expectEqual(again, Array("\"run 1\"".utf8), "the result, asked for again")
            }
        },
    ]

    private struct Broken: Error, CustomStringConvertible {
        let attempt: Int
        var description: String { "attempt \(attempt) broke" }
    }
}
