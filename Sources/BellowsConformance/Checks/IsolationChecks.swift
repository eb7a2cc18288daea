import Bellows

/// Definitions share a store, and nothing else.
enum IsolationChecks {
    static let all = [
        ConformanceCheck("isolation: another definition never claims a task") { environment in
            let bench = try await environment.workbench("mine")
            let foreign = try environment.uniqueName("foreign")
            let id = try await bench.publish("x").id
            try expectEqual(try await bench.claimNothing(in: foreign), .onSignal, "another definition's claim")
            guard case .notFound = try await bench.claim(.id(id), in: foreign) else {
                throw ConformanceFailure("another definition could claim a task by its id")
            }
            try expectEqual(try await bench.claimOne().id, id, "the definition's own claim")
        },
        ConformanceCheck("isolation: a lease is worth nothing in another definition") { environment in
            let bench = try await environment.workbench("token")
            let foreign = try environment.uniqueName("token-foreign")
            let options = PublishOptions(id: try TaskID("same"))
            _ = try await bench.publish("mine", options: options)
            let request = PublishRequest(payload: Array("theirs".utf8), options: options)
            _ = try await bench.backend.publish([request], to: foreign)
            let mine = try await bench.claimOne()
            let theirs = try await bench.claimOne(in: foreign)
            let forged = Lease(
                name: foreign,
                kind: .published,
                id: mine.id,
                token: mine.lease.token,
                duration: mine.lease.duration
            )
            let outcomes = try await bench.backend.finish([FinishRequest(lease: forged)], in: foreign)
            try expectEqual(outcomes, [.leaseLost], "finishing with another definition's token")
            try expectEqual(try await bench.finish(theirs), .done, "finishing theirs")
            try expectEqual(try await bench.finish(mine), .done, "finishing mine")
        },
        ConformanceCheck("isolation: tasks of the same id in two definitions have results of their own") {
            environment in
            let bench = try await environment.workbench("result")
            let foreign = try environment.uniqueName("result-foreign")
            let options = PublishOptions(id: try TaskID("same"), announcesResult: true)
            _ = try await bench.publish("mine", options: options)
            _ = try await bench.backend.publish([PublishRequest(payload: [], options: options)], to: foreign)
            try expectEqual(try await bench.finish(try await bench.claimOne(in: foreign), result: [9]), .done, "theirs")
            try expectEqual(try await bench.result(of: try TaskID("same")), .pending, "mine, after theirs has ended")
        },
        ConformanceCheck("isolation: a singleton and a published task of one name do not mix") { environment in
            let bench = try await environment.workbench("both-kinds")
            let singleton = try await bench.claimOne(.singleton)
            try expectEqual(try await bench.claimNothing(), .onSignal, "a claim beside a running singleton")
            let id = try await bench.publish("x").id
            let task = try await bench.claimOne()
            try expectEqual(task.id, id, "the published task")
            try expectEqual(task.lease.kind, .published, "its kind")
            try expectEqual(try await bench.finish(task), .done, "finishing the published task")
            try expectEqual(try await bench.renew(singleton), .done, "the singleton's lease")
            try expectEqual(try await bench.finish(singleton, nextRun: .now), .done, "finishing the singleton")
            try expectEqual(try await bench.claimNothing(), .onSignal, "a claim beside a due singleton")
            guard case .notFound = try await bench.claim(.id(.singleton)) else {
                throw ConformanceFailure("a singleton was found by its id among the published tasks")
            }
        },
        ConformanceCheck("isolation: names that look alike are different definitions") { environment in
            let bench = try await environment.workbench("alike")
            let base = try environment.uniqueName("alike").rawValue
            for suffix in HostileNames.lookalikes {
                let name = try TaskName(base + suffix)
                _ = try await bench.backend.publish([PublishRequest(payload: Array(suffix.utf8))], to: name)
            }
            for suffix in HostileNames.lookalikes {
                let name = try TaskName(base + suffix)
                let task = try await bench.claimOne(in: name)
                try expectEqual(task.record.payload, Array(suffix.utf8), "the task of \(name)")
                try expectEqual(try await bench.claimNothing(in: name).isAtOnce, false, "a second task of \(name)")
                try expectEqual(try await bench.finish(task), .done, "finishing a task of \(name)")
            }
        },
        ConformanceCheck("isolation: hostile names of definitions are refused before anything is sent") { environment in
            let bench = try await environment.workbench("hostile")
            for name in HostileNames.refused {
                try await expectThrows(BellowsError.self, "the name \(name.debugDescription.prefix(60))") {
                    try await ConformanceScope.$hostileName.withValue(name) {
                        _ = try await bench.backend.publish(HostileDefinition.self, "payload")
                    }
                }
                try await expectThrows(BellowsError.self, "the id \(name.debugDescription.prefix(60))") {
                    _ = try TaskID(name)
                }
            }
            try await bench.publish("sound")
            try expectEqual(try await bench.drain(), ["sound"], "the backend after refusals")
        },
    ]

    private enum HostileDefinition: TaskDefinition {
        static var name: String { ConformanceScope.hostileName }
        typealias Trigger = PublishTrigger<String>
    }
}

extension ClaimOutcome.NextClaim {
    fileprivate var isAtOnce: Bool { self == .now }
}
