import Bellows

/// Two backends on one store and a definition's name of its own, with verbs that throw readable failures.
struct Workbench {
    let environment: ConformanceEnvironment
    let backend: any Backend
    /// Another process on the same store, where the backend has several.
    let other: any Backend
    let name: TaskName

    /// A capability of the backend, without which a check does not concern it.
    func capability<Capability>(_ type: Capability.Type) throws(NotApplicable) -> Capability {
        guard let capability = backend.capability(type) else { throw NotApplicable("the backend is no \(type)") }
        return capability
    }

    /// Longer than any check runs.
    static let longLease = Duration.seconds(3600)

    /// Short enough to end within a check, on a manual clock and on a real one.
    var shortLease: Duration { max(environment.unit, .milliseconds(100)) }

    /// Publishes one task.
    func publish(_ payload: [UInt8] = [], options: PublishOptions = PublishOptions()) async throws -> PublishedTask {
        let answers = try await backend.publish([PublishRequest(payload: payload, options: options)], to: name)
        try expectEqual(answers.count, 1, "answers to one publish")
        return answers[0]
    }

    /// Publishes one task with text as its payload.
    @discardableResult
    func publish(_ payload: String, options: PublishOptions = PublishOptions()) async throws -> PublishedTask {
        try await publish(Array(payload.utf8), options: options)
    }

    /// Claims, and asks again at once for as long as the store says so.
    func claim(
        _ selection: ClaimRequest.Selection = .earliest(1),
        lease: Duration = longLease,
        by backend: (any Backend)? = nil,
        in name: TaskName? = nil
    ) async throws -> ClaimOutcome {
        let request = ClaimRequest(name: name ?? self.name, selection: selection, lease: lease)
        for _ in 0..<1000 {
            let outcome = try await (backend ?? self.backend).claim(request)
            if case .unavailable(.now) = outcome { continue }
            return outcome
        }
        throw ConformanceFailure("1000 claims in a row were told to ask again at once, and got nothing")
    }

    /// Claims one task that must be there.
    func claimOne(
        _ selection: ClaimRequest.Selection = .earliest(1),
        lease: Duration = longLease,
        by backend: (any Backend)? = nil,
        in name: TaskName? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> ClaimedTask {
        let outcome = try await claim(selection, lease: lease, by: backend, in: name)
        guard case .claimed(let tasks, _) = outcome, tasks.count == 1 else {
            throw ConformanceFailure("expected one claimed task, got \(outcome)", fileID: fileID, line: line)
        }
        return tasks[0]
    }

    /// Claims where nothing is due.
    func claimNothing(
        by backend: (any Backend)? = nil,
        in name: TaskName? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> ClaimOutcome.NextClaim {
        let outcome = try await claim(by: backend, in: name)
        guard case .unavailable(let next) = outcome else {
            throw ConformanceFailure("expected nothing to be due, got \(outcome)", fileID: fileID, line: line)
        }
        return next
    }

    /// Claims everything that is due, a few at a time, and returns the payloads as text in the order of claims.
    func drain(_ count: Int = 1, lease: Duration = longLease) async throws -> [String] {
        var texts: [String] = []
        while case .claimed(let tasks, _) = try await claim(.earliest(count), lease: lease) {
            texts += tasks.map { String(decoding: $0.record.payload, as: UTF8.self) }
        }
        return texts
    }

    /// Ends one attempt well.
    func finish(
        _ task: ClaimedTask,
        result: [UInt8] = [],
        nextRun: Availability? = nil,
        retention: Duration? = nil
    ) async throws -> LeaseOutcome {
        let request = FinishRequest(
            lease: task.lease,
            result: result,
            nextRun: nextRun,
            resultRetention: retention,
            deduplicationWindow: task.record.deduplicationWindow
        )
        return try await only(try await backend.finish([request], in: task.lease.name))
    }

    /// Ends one attempt badly.
    func fail(
        _ task: ClaimedTask,
        _ disposition: FailRequest.Disposition,
        error: String = "it failed"
    ) async throws -> LeaseOutcome {
        let request = FailRequest(lease: task.lease, disposition: disposition, error: error)
        return try await only(try await backend.fail([request], in: task.lease.name))
    }

    /// Extends one lease.
    func renew(_ task: ClaimedTask) async throws -> LeaseOutcome {
        try await only(try await backend.renew([task.lease], in: task.lease.name))
    }

    /// Gives one task back.
    func release(_ task: ClaimedTask, after delay: Duration = .zero) async throws -> LeaseOutcome {
        try await only(try await backend.release([task.lease], in: task.lease.name, after: delay))
    }

    /// Looks for one result.
    func result(of id: TaskID, run: RunID? = nil, by backend: (any Backend)? = nil) async throws -> ResultLookup {
        try await only(try await (backend ?? self.backend).result(of: [ResultQuery(id: id, run: run)], in: name))
    }

    /// Tries all four verbs with a lease that must not work any more.
    func expectRefused(
        _ task: ClaimedTask,
        _ why: String,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws {
        let outcomes = [
            "renew": try await renew(task),
            "finish": try await finish(task, result: [1]),
            "fail": try await fail(task, .retry(.now)),
            "fail for good": try await fail(task, .dead),
            "release": try await release(task),
        ]
        for (verb, outcome) in outcomes {
            try expectEqual(outcome, .leaseLost, "\(verb) \(why)", fileID: fileID, line: line)
        }
    }

    private func only<Answer>(_ answers: [Answer]) async throws -> Answer {
        try expectEqual(answers.count, 1, "answers to a call with one item")
        return answers[0]
    }
}

extension ConformanceEnvironment {
    /// Two backends and a name of its own.
    func workbench(_ label: String) async throws -> Workbench {
        Workbench(
            environment: self,
            backend: try await makeBackend(),
            other: try await makeBackend(),
            name: try uniqueName(label)
        )
    }
}
