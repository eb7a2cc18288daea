package import Bellows

/// A backend that hands every verb on to another one. What stands in for it says only which verb it changes.
package protocol ForwardingBackend: Backend {
    /// What does the work.
    var wrapped: any Backend { get }
}

extension ForwardingBackend {
    package var limits: TaskLimits { wrapped.limits }
    package var timeSource: any TimeSource { wrapped.timeSource }

    package func capability<Capability>(_ type: Capability.Type) -> Capability? {
        (self as? Capability) ?? wrapped.capability(type)
    }

    package func publish(
        _ requests: [PublishRequest],
        to name: TaskName
    ) async throws(BellowsError) -> [PublishedTask] {
        try await wrapped.publish(requests, to: name)
    }

    package func claim(_ request: ClaimRequest) async throws(BellowsError) -> ClaimOutcome {
        try await wrapped.claim(request)
    }

    package func renew(_ leases: [Lease], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        try await wrapped.renew(leases, in: name)
    }

    package func finish(
        _ requests: [FinishRequest],
        in name: TaskName
    ) async throws(BellowsError) -> [LeaseOutcome] {
        try await wrapped.finish(requests, in: name)
    }

    package func fail(_ requests: [FailRequest], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        try await wrapped.fail(requests, in: name)
    }

    package func release(
        _ leases: [Lease],
        in name: TaskName,
        after delay: Duration
    ) async throws(BellowsError) -> [LeaseOutcome] {
        try await wrapped.release(leases, in: name, after: delay)
    }

    package func subscribe(to topics: [SignalTopic]) async throws(BellowsError) -> SignalSubscription {
        try await wrapped.subscribe(to: topics)
    }

    package func result(
        of queries: [ResultQuery],
        in name: TaskName
    ) async throws(BellowsError) -> [ResultLookup] {
        try await wrapped.result(of: queries, in: name)
    }
}
