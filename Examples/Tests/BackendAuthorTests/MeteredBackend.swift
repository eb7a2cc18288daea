import Bellows
import Synchronization

/// Counts the tasks that go through another backend. A backend of your own has the same verbs.
final class MeteredBackend: Backend {
    private let wrapped: any Backend
    private let published = Atomic(0)

    init(_ wrapped: any Backend) {
        self.wrapped = wrapped
    }

    var publishedCount: Int { published.load(ordering: .relaxed) }

    var limits: TaskLimits { wrapped.limits }
    var timeSource: any TimeSource { wrapped.timeSource }

    // What is wrapped keeps its capabilities.
    func capability<Capability>(_ type: Capability.Type) -> Capability? {
        (self as? Capability) ?? wrapped.capability(type)
    }

    func publish(_ requests: [PublishRequest], to name: TaskName) async throws(BellowsError) -> [PublishedTask] {
        let tasks = try await wrapped.publish(requests, to: name)
        published.add(tasks.count { $0.disposition == .new }, ordering: .relaxed)
        return tasks
    }

    func claim(_ request: ClaimRequest) async throws(BellowsError) -> ClaimOutcome {
        try await wrapped.claim(request)
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
