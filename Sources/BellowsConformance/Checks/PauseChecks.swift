import Bellows
import BellowsTesting

/// What closing a definition promises.
enum PauseChecks {
    static let all = [
        ConformanceCheck("pause: nothing is handed out until it is resumed, and nothing is lost") { environment in
            let bench = try await environment.workbench("pause")
            let fleet = try bench.capability((any FleetKeeping).self)
            try await bench.publish("a")
            let running = try await bench.claimOne()
            let first = try await bench.publish("b").id
            try expectEqual(try await fleet.pause(bench.name, for: nil, note: "why"), 1, "tasks that go on")
            try await bench.publish("c")
            try expectEqual(try await bench.claimNothing(), .onSignal, "a claim of a closed definition")
            try expectEqual(try await bench.claimNothing(by: bench.other), .onSignal, "a claim by another process")
            guard case .unavailable(.onSignal) = try await bench.claim(.id(first)) else {
                throw ConformanceFailure("a task of a closed definition could be claimed by its id")
            }
            try expectEqual(try await bench.renew(running), .done, "renewing what runs")
            try expectEqual(try await bench.finish(running), .done, "finishing what runs")
            try expectEqual(try await bench.claimNothing(), .onSignal, "a claim after that")
            try expectEqual(try await fleet.resume(bench.name), true, "resuming")
            try expectEqual(try await bench.drain(), ["b", "c"], "the tasks afterwards")
            try expectEqual(try await fleet.resume(bench.name), false, "resuming once more")
        },
        ConformanceCheck("pause: retries, released tasks and ended leases wait too") { environment in
            let bench = try await environment.workbench("pause-back")
            let fleet = try bench.capability((any FleetKeeping).self)
            for text in ["failed", "released", "lost"] { try await bench.publish(text) }
            let failed = try await bench.claimOne()
            let released = try await bench.claimOne()
            _ = try await bench.claimOne(lease: bench.shortLease)
            try expectEqual(try await fleet.pause(bench.name, for: nil, note: ""), 3, "tasks that go on")
            try expectEqual(try await bench.fail(failed, .retry(.now)), .done, "failing")
            try expectEqual(try await bench.release(released), .done, "releasing")
            await environment.advance(by: bench.shortLease)
            try expectEqual(try await bench.claimNothing(), .onSignal, "a claim of a closed definition")
            try expectEqual(try await fleet.resume(bench.name), true, "resuming")
            try expectEqual(Set(try await bench.drain()), ["failed", "released", "lost"], "the tasks afterwards")
        },
        ConformanceCheck("pause: one with an end opens by itself then, not before") { environment in
            let bench = try await environment.workbench("pause-timed")
            let fleet = try bench.capability((any FleetKeeping).self)
            for text in ["a", "b", "c"] { try await bench.publish(text) }
            _ = try await fleet.pause(bench.name, for: environment.unit, note: "")
            guard case .after(let wait) = try await bench.claimNothing() else {
                throw ConformanceFailure("a claim is not told when the definition opens")
            }
            try expect(wait > .zero && wait <= environment.unit, "it opens in \(wait) of \(environment.unit)")
            await environment.advance(by: environment.unit)
            try expectEqual(try await bench.drain(), ["a", "b", "c"], "the tasks afterwards")
            try expectEqual(try await fleet.resume(bench.name), false, "resuming what has opened by itself")
        },
        ConformanceCheck("pause: again replaces time and note, and statistics show both") { environment in
            let bench = try await environment.workbench("pause-again")
            let fleet = try bench.capability((any FleetKeeping).self)
            let inspecting = try bench.capability((any BackendInspecting).self)
            try expectEqual(try await inspecting.statistics(of: bench.name).pause, nil, "before")
            _ = try await fleet.pause(bench.name, for: .seconds(500), note: "one")
            let timed = try await inspecting.statistics(of: bench.name)
            try expectEqual(timed.pause?.note, "one", "the note")
            try expect(timed.pause?.end != nil, "the end is not told")
            try expectEqual(timed.leased, 0, "a door counts as a lease")
            _ = try await fleet.pause(bench.name, for: nil, note: "two")
            let pause = try await inspecting.statistics(of: bench.name).pause
            try expectEqual(pause, DefinitionPause(note: "two"), "the pause afterwards")
            _ = try await fleet.resume(bench.name)
            try expectEqual(try await inspecting.statistics(of: bench.name).pause, nil, "after")
        },
        ConformanceCheck("pause: times and notes that make no sense are refused") { environment in
            let bench = try await environment.workbench("pause-refused")
            let fleet = try bench.capability((any FleetKeeping).self)
            for duration in [Duration.zero, .seconds(-1), DefinitionPause.maximumDuration + .seconds(1)] {
                try await expectThrows(BellowsError.self, "a pause of \(duration)") {
                    _ = try await fleet.pause(bench.name, for: duration, note: "")
                }
            }
            try await expectThrows(BellowsError.self, "a note that is too long") {
                let note = String(repeating: "n", count: DefinitionPause.maximumNote + 1)
                _ = try await fleet.pause(bench.name, for: nil, note: note)
            }
            try expectEqual(try await fleet.resume(bench.name), false, "resuming")
        },
        ConformanceCheck("pause: a singleton is not run either") { environment in
            let bench = try await environment.workbench("pause-singleton")
            let fleet = try bench.capability((any FleetKeeping).self)
            _ = try await fleet.pause(bench.name, for: nil, note: "")
            guard case .unavailable(.onSignal) = try await bench.claim(.singleton) else {
                throw ConformanceFailure("the singleton of a closed definition could be claimed")
            }
            _ = try await fleet.resume(bench.name)
            _ = try await bench.claimOne(.singleton)
        },
        ConformanceCheck("pause: a dispatcher starts nothing meanwhile, and begins again when it is resumed") {
            environment in
            let bench = try await environment.workbench("pause-dispatcher")
            let fleet = try bench.capability((any FleetKeeping).self)
            let probe = EventProbe<TaskID>()
            let handler = TaskHandler(name: bench.name) { _, context in
                probe.record(context.id)
                return []
            }
            try await dispatching(handler, on: bench.other) { _ in
                try await bench.publish("a")
                try await probe.wait(forCount: 1)
                _ = try await fleet.pause(bench.name, for: nil, note: "")
                for _ in 0..<20 { try await bench.publish("b") }
                try expectEqual(probe.events.count, 1, "runs while it is closed")
                _ = try await fleet.resume(bench.name)
                try await probe.wait(forCount: 21)
            }
        },
    ]
}
