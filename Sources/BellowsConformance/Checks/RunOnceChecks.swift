import Bellows
import BellowsTesting

/// One attempt without a dispatcher.
enum RunOnceChecks {
    static let all = [
        ConformanceCheck("run once: a task that ends well is done, and so is one that is gone") { environment in
            let backend = try await environment.makeBackend()
            let factory = CountingFactory()
            let id = try await backend.publish(EchoDefinition.self, "x").id
            try expectEqual(try await backend.runTaskOnce(.on(factory: factory), id: id), .done, "the run")
            try expectEqual(try await backend.runTaskOnce(.on(factory: factory), id: id), .done, "a task that is gone")
            try expectEqual(factory.asked.events, [id], "workers built")
            try expectEqual(factory.runs.events.map(\.input), ["x"], "payloads")
        },
        ConformanceCheck("run once: a failed attempt says when to call again") { environment in
            let backend = try await environment.makeBackend()
            let handler = TaskHandler.on(EchoDefinition.self) { _, context in
                guard context.attempt > 1 else { throw TaskFailure.retry(.after(.seconds(90))) }
                throw TaskFailure.dead(reason: "no")
            }
            let id = try await backend.publish(EchoDefinition.self, "x").id
            let outcome = try await backend.runTaskOnce(handler, id: id)
            try expectEqual(outcome, .retry(after: .seconds(90)), "the first attempt")
            guard case .retry(let delay) = try await backend.runTaskOnce(handler, id: id) else {
                throw ConformanceFailure("a task that is not due was not told to come back later")
            }
            try expect(delay > .seconds(10) && delay <= .seconds(90), "a retry in 90 s is told as \(delay)")
        },
        ConformanceCheck("run once: the factory is not called when the claim fails") { environment in
            let bench = try await environment.workbench("unused")
            let name = try TaskName(EchoDefinition.name)
            let factory = CountingFactory()
            let handler = TaskHandler.on(factory: factory)
            try expectEqual(try await bench.backend.runTaskOnce(handler), .retrySoon, "nothing to claim")
            try expectEqual(try await bench.backend.runTaskOnce(handler, id: TaskID()), .done, "an unknown task")
            let leased = try await bench.backend.publish(EchoDefinition.self, "x").id
            let held = try await bench.claimOne(.id(leased), by: bench.other, in: name)
            guard case .retry(let remaining) = try await bench.backend.runTaskOnce(handler, id: leased) else {
                throw ConformanceFailure("a leased task was not told to come back later")
            }
            try expect(remaining > .zero && remaining <= Workbench.longLease, "told to come back in \(remaining)")
            let options = PublishOptions(availability: .after(.seconds(300)))
            let future = try await bench.backend.publish(EchoDefinition.self, "y", options: options).id
            guard case .retry = try await bench.backend.runTaskOnce(handler, id: future) else {
                throw ConformanceFailure("a future task was not told to come back later")
            }
            try expectEqual(factory.asked.events, [], "workers built for claims that failed")
            try expectEqual(try await bench.release(held), .done, "releasing")
            try expectEqual(try await bench.backend.runTaskOnce(handler, id: leased), .done, "a task that is free")
            try expectEqual(factory.asked.events, [leased], "workers built")
        },
        ConformanceCheck("run once: without an id it takes the earliest task") { environment in
            let backend = try await environment.makeBackend()
            let factory = CountingFactory()
            for text in ["first", "second"] { try await backend.publish(EchoDefinition.self, text) }
            for _ in 1...2 { _ = try await backend.runTaskOnce(.on(factory: factory)) }
            try expectEqual(factory.runs.events.map(\.input), ["first", "second"], "payloads")
        },
        ConformanceCheck("run once: a singleton runs, and says when the next run is") { environment in
            let name = try environment.uniqueName("singleton")
            let backend = try await environment.makeBackend()
            let runs = EventProbe<TaskID>()
            let handler = TaskHandler(singleton: name) { context in
                runs.record(context.id)
                return .after(.seconds(50))
            }
            let outcome = try await backend.runTaskOnce(handler)
            try expectEqual(outcome, .retry(after: .seconds(50)), "the first run")
            guard case .retry(let delay) = try await backend.runTaskOnce(handler), delay <= .seconds(50) else {
                throw ConformanceFailure("a singleton that is not due was not told to come back later")
            }
            try expectEqual(runs.events, [.singleton], "runs")
        },
    ]
}
