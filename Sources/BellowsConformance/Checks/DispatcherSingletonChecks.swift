import Bellows
import BellowsTesting

/// How a dispatcher runs singletons.
enum DispatcherSingletonChecks {
    static let all = [
        ConformanceCheck("dispatcher: a singleton runs without publishing, again with its id, and stops at a drain") {
            environment in
            let bench = try await environment.workbench("tick")
            let probe = EventProbe<TaskID>()
            let handler = TaskHandler.on(TickDefinition.self) { context in probe.record(context.id) }
            try await dispatching(handler, on: bench.backend) { _ in
                try await environment.wait(on: probe, passing: .seconds(10), for: "three runs") { $0.count >= 3 }
            }
            let count = probe.events.count
            try expectEqual(Set(probe.events), [.singleton], "ids")
            await environment.advance(by: .seconds(1))
            let task = try await bench.claimOne(.singleton, in: try TaskName(TickDefinition.name))
            try expectEqual(task.attempt, 1, "the attempt after good runs")
            try expectEqual(probe.events.count, count, "runs after the drain")
        },
        ConformanceCheck("dispatcher: two dispatchers never run one singleton at the same time") { environment in
            let name = try environment.uniqueName("exclusive")
            let probe = EventProbe<Bool>()
            let inside = Counter()
            let handler = TaskHandler(singleton: name) { _ in
                let isAlone = inside.enter() == 1
                defer { inside.leave() }
                // A moment for the other dispatcher to intrude.
                for _ in 0..<20 { await Task.yield() }
                probe.record(isAlone)
                return .now
            }
            let backends = [try await environment.makeBackend(), try await environment.makeBackend()]
            try await dispatching(handler, on: backends[0]) { _ in
                try await dispatching(handler, on: backends[1]) { _ in
                    try await probe.wait(forCount: 20, of: "runs")
                }
            }
            try expectEqual(Set(probe.events), [true], "whether each run was the only one")
        },
        ConformanceCheck("dispatcher: a singleton that fails runs again") { environment in
            let name = try environment.uniqueName("failing")
            let backend = try await environment.makeBackend()
            let attempts = EventProbe<Int>()
            let policy = RetryPolicy(backoff: Backoff(base: .milliseconds(1), maximum: .milliseconds(5)))
            let handler = TaskHandler(singleton: name, options: TaskOptions(retry: policy)) { context in
                attempts.record(context.attempt)
                if context.attempt < 8 { throw TaskFailure.retryImmediately }
                return .after(.seconds(600))
            }
            try await dispatching(handler, on: backend) { _ in
                try await environment.wait(on: attempts, passing: .seconds(5), for: "eight attempts") { $0.count >= 8 }
            }
            try expectEqual(attempts.events, Array(1...8), "attempts")
        },
    ]
}
