import BellowsTesting
import Synchronization
import TestTurns
import Testing

@testable import Bellows

@Suite(.turn) struct ResultWaiterTests {
    private let announcer = AnnouncingBackend()
    private let flaky: FlakyBackend
    private let name: TaskName
    private let id = TaskID()

    init() throws {
        name = try TaskName("announced")
        flaky = FlakyBackend(announcer)
    }

    private func waiting(run: RunID?) async throws -> Task<[UInt8], any Error> {
        let waiter = try await ResultWaiter(backend: flaky, name: name, id: id)
        return Task { try await waiter.wait(run: run, looksFirst: false, until: nil) }
    }

    private func announce(_ lookup: ResultLookup?, run: RunID?) {
        announcer.announce(ResultAnnouncement(id: id, of: name, run: run, lookup: lookup))
    }

    @Test func whatASignalBringsIsNotAskedForAgain() async throws {
        let run = RunID("mine")
        let result = try await waiting(run: run)
        announce(.finished([1, 2]), run: run)
        #expect(try await result.value == [1, 2])
        #expect(!flaky.calls.events.contains(.result))
    }

    @Test func anAnnouncementOfAnotherRunMakesTheWaiterLook() async throws {
        let result = try await waiting(run: RunID("mine"))
        announce(.finished([1, 2]), run: RunID("other"))
        // The store knows no such task.
        let error = await #expect(throws: TaskAwaitError.self) { try await result.value }
        guard case .unknown = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(flaky.calls.events.contains(.result))
    }

    @Test func anAnnouncementWithoutAResultMakesTheWaiterLook() async throws {
        let result = try await waiting(run: nil)
        announce(nil, run: nil)
        _ = await #expect(throws: TaskAwaitError.self) { try await result.value }
        #expect(flaky.calls.events.contains(.result))
    }
}

/// An in-memory backend whose signals come from the test.
private final class AnnouncingBackend: Backend {
    private let inner = InMemoryBackend()
    private let subscriptions = EventProbe<SignalSubscription>()

    var timeSource: any TimeSource { inner.timeSource }
    var limits: TaskLimits { inner.limits }

    func announce(_ announcement: ResultAnnouncement) {
        for subscription in subscriptions.events { subscription.send(.resultReady(announcement)) }
    }

    func subscribe(to topics: [SignalTopic]) async throws(BellowsError) -> SignalSubscription {
        let subscription = SignalSubscription()
        subscriptions.record(subscription)
        return subscription
    }

    func publish(_ requests: [PublishRequest], to name: TaskName) async throws(BellowsError) -> [PublishedTask] {
        try await inner.publish(requests, to: name)
    }

    func claim(_ request: ClaimRequest) async throws(BellowsError) -> ClaimOutcome { try await inner.claim(request) }

    func renew(_ leases: [Lease], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        try await inner.renew(leases, in: name)
    }

    func finish(_ requests: [FinishRequest], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        try await inner.finish(requests, in: name)
    }

    func fail(_ requests: [FailRequest], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        try await inner.fail(requests, in: name)
    }

    func release(
        _ leases: [Lease],
        in name: TaskName,
        after delay: Duration
    ) async throws(BellowsError) -> [LeaseOutcome] {
        try await inner.release(leases, in: name, after: delay)
    }

    func result(of queries: [ResultQuery], in name: TaskName) async throws(BellowsError) -> [ResultLookup] {
        try await inner.result(of: queries, in: name)
    }
}
