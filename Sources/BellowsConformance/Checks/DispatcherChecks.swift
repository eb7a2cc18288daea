import Bellows
import BellowsTesting

/// What a dispatcher makes of the backend's promises.
enum DispatcherChecks {
    static let all = [
        ConformanceCheck("dispatcher: a published task is processed") { environment in
            let backend = try await environment.makeBackend()
            let probe = EventProbe<RecordingWorker<EchoDefinition>.Run>()
            try await dispatching(echo(probe), on: backend) { _ in
                let published = try await backend.publish(EchoDefinition.self, "hello")
                let run = try await probe.wait(forCount: 1)[0]
                try expectEqual(run.id, published.id, "the id on both sides")
                try expectEqual(run.input, "hello", "the payload")
                try expectEqual(run.attempt, 1, "the attempt")
            }
            try expectEqual(probe.events.count, 1, "runs of one task")
        },
        ConformanceCheck("dispatcher: tasks published before it starts are processed, each once") { environment in
            let backend = try await environment.makeBackend()
            let probe = EventProbe<RecordingWorker<EchoDefinition>.Run>()
            var published: Set<TaskID> = []
            for number in 0..<40 {
                published.insert(try await backend.publish(EchoDefinition.self, "\(number)").id)
            }
            try await dispatching(echo(probe), on: try await environment.makeBackend(), slots: 4) { _ in
                try await probe.wait(forCount: 40, of: "runs")
            }
            try expectEqual(probe.events.count, 40, "runs")
            try expectEqual(Set(probe.events.map(\.id)), published, "processed ids")
        },
        ConformanceCheck("dispatcher: an awaited result arrives, typed and under the same id") { environment in
            let publisher = try await environment.makeBackend()
            let probe = EventProbe<RecordingWorker<EchoDefinition>.Run>()
            try await dispatching(echo(probe), on: try await environment.makeBackend()) { _ in
                for text in ["", "plain", "é🔥\0\r\n\"", String(repeating: "x", count: 10_000)] {
                    let task = try await publisher.publishAwaitable(EchoDefinition.self, text)
                    try expectEqual(try await task.wait(), "\(text)!", "the result")
                    try expectEqual(probe.events.last?.id, task.id, "the id on both sides")
                }
            }
        },
        ConformanceCheck("dispatcher: an awaited unit result arrives") { environment in
            let publisher = try await environment.makeBackend()
            let probe = EventProbe<Int>()
            let handler = TaskHandler.on(UnitDefinition.self) { number, _ in probe.record(number) }
            try await dispatching(handler, on: try await environment.makeBackend()) { _ in
                let task = try await publisher.publishAwaitable(UnitDefinition.self, 7)
                try await task.wait()
                try expectEqual(probe.events, [7], "payloads")
            }
        },
        ConformanceCheck("dispatcher: a delayed task runs at its time, not before") { environment in
            let backend = try await environment.makeBackend()
            let probe = EventProbe<ContinuousClock.Instant>()
            let handler = TaskHandler.on(UnitDefinition.self) { _, _ in probe.record(environment.now) }
            try await dispatching(handler, on: backend) { _ in
                let start = environment.now
                let options = PublishOptions(availability: .after(environment.unit))
                _ = try await backend.publish(UnitDefinition.self, 1, options: options)
                try await environment.wait(on: probe, passing: environment.unit * 3, for: "the delayed run") {
                    !$0.isEmpty
                }
                try expect(probe.events[0] - start >= environment.unit, "it ran after \(probe.events[0] - start)")
            }
        },
        ConformanceCheck("dispatcher: several definitions run side by side, foreign ones are left alone") {
            environment in
            let bench = try await environment.workbench("foreign")
            let probe = EventProbe<String>()
            let echo = TaskHandler.on(EchoDefinition.self) { text, _ in
                probe.record("echo \(text)")
                return text
            }
            let unit = TaskHandler.on(UnitDefinition.self) { number, _ in probe.record("unit \(number)") }
            try await bench.publish("not ours")
            try await dispatching(echo, unit, on: bench.backend) { _ in
                try await bench.backend.publish(EchoDefinition.self, "a")
                try await bench.backend.publish(UnitDefinition.self, 1)
                try await probe.wait(forCount: 2)
            }
            try expectEqual(Set(probe.events), ["echo a", "unit 1"], "runs")
            try expectEqual(try await bench.claimOne().attempt, 1, "a task that nobody here handles")
        },
        ConformanceCheck("dispatcher: it claims only what its free slots can take") { environment in
            let bench = try await environment.workbench("slots")
            let started = EventProbe<TaskID>()
            let gate = EventProbe<Void>()
            let handler = TaskHandler(name: bench.name) { _, context in
                started.record(context.id)
                try await gate.wait(forCount: 1)
                return []
            }
            for number in 0..<6 { try await bench.publish("\(number)") }
            try await dispatching(handler, on: bench.backend, slots: 2) { _ in
                try await started.wait(forCount: 2)
                guard case .claimed(let rest, _) = try await bench.claim(.earliest(10), by: bench.other) else {
                    throw ConformanceFailure("a dispatcher with two slots took more than two tasks")
                }
                try expectEqual(rest.count, 4, "tasks left for others")
                gate.record(())
            }
            try expectEqual(started.events.count, 2, "runs")
        },
        ConformanceCheck("dispatcher: a drain lets the running task end, and its result counts") { environment in
            let bench = try await environment.workbench("drain")
            let started = EventProbe<Bool>()
            let gate = EventProbe<Void>()
            let handler = TaskHandler(name: bench.name) { _, context in
                started.record(context.isShuttingDown)
                try await gate.wait(forCount: 1)
                return [1]
            }
            let published = try await bench.publish("x", options: PublishOptions(announcesResult: true))
            try await dispatching(handler, on: bench.backend, slots: 1) { running in
                try await started.wait(forCount: 1)
                async let drained: Void = running.drain()
                try await bench.publish("left alone")
                gate.record(())
                try await drained
            }
            try expectEqual(try await bench.result(of: published.id), .finished([1]), "the result")
        },
        ConformanceCheck("dispatcher: a cancelled run gives its tasks back without counting the attempt") {
            environment in
            let bench = try await environment.workbench("cancelled")
            let started = EventProbe<TaskID>()
            let gate = EventProbe<Void>()
            let handler = TaskHandler(name: bench.name) { _, context in
                started.record(context.id)
                try await gate.wait(forCount: 1)
                return []
            }
            try await bench.publish("x")
            let running = WorkerDispatcher(bench.backend, handlers: handler).launch()
            try await started.wait(forCount: 1)
            running.cancel()
            try await running.wait()
            try expectEqual(try await bench.claimOne(by: bench.other).attempt, 1, "the attempt")
        },
    ]

    /// Answers with the text and an exclamation mark.
    static func echo(_ probe: EventProbe<RecordingWorker<EchoDefinition>.Run>) -> TaskHandler {
        .on { _ in RecordingWorker<EchoDefinition>(probe) { run in .done("\(run.input)!") } }
    }
}
