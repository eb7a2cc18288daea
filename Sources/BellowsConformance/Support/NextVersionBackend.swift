import Bellows

/// A backend as the next version of the library has it: it knows the records that this version does not.
struct NextVersionBackend: Backend {
    let wrapped: any Backend

    var limits: TaskLimits { wrapped.limits }
    var timeSource: any TimeSource { wrapped.timeSource }

    func claim(_ request: ClaimRequest) async throws(BellowsError) -> ClaimOutcome {
        let outcome = try await wrapped.claim(request)
        guard case .claimed(let tasks, let next) = outcome else { return outcome }
        let known = tasks.map { task in
            task.newer == nil ? task : ClaimedTask(lease: task.lease, attempt: task.attempt, record: task.record)
        }
        return .claimed(known, next: next)
    }

    func publish(_ requests: [PublishRequest], to name: TaskName) async throws(BellowsError) -> [PublishedTask] {
        try await wrapped.publish(requests, to: name)
    }

    func capability<Capability>(_ type: Capability.Type) -> Capability? {
        (self as? Capability) ?? wrapped.capability(type)
    }

    func renew(_ leases: [Lease], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        try await wrapped.renew(leases, in: name)
    }

    func finish(_ requests: [FinishRequest], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        try await wrapped.finish(requests, in: name)
    }

    func fail(_ requests: [FailRequest], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        try await wrapped.fail(requests, in: name)
    }

    func release(
        _ leases: [Lease],
        in name: TaskName,
        after delay: Duration
    ) async throws(BellowsError) -> [LeaseOutcome] {
        try await wrapped.release(leases, in: name, after: delay)
    }

    func subscribe(to topics: [SignalTopic]) async throws(BellowsError) -> SignalSubscription {
        try await wrapped.subscribe(to: topics)
    }

    func result(of queries: [ResultQuery], in name: TaskName) async throws(BellowsError) -> [ResultLookup] {
        try await wrapped.result(of: queries, in: name)
    }
}
