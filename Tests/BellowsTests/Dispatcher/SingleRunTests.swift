import Bellows
import BellowsRuntime
import BellowsTesting
import Foundation
import TestTurns
import Testing

/// Attempts without a dispatcher, while something is in their way.
@Suite(.turn) struct SingleRunTests {
    @Test("Handlers that block every thread of the pool keep their leases")
    func renewsWhileThePoolIsBlocked() async throws {
        let flaky = FlakyBackend(InMemoryBackend())
        let name = try TaskName("blocking")
        let gate = DispatchSemaphore(value: 0)
        let handler = TaskHandler(name: name) { _, _ in
            Self.block(gate)
            return []
        }
        let count = ProcessInfo.processInfo.activeProcessorCount
        _ = try await flaky.publish((0..<count).map { PublishRequest(payload: [UInt8($0)]) }, to: name)
        let (finding, source) = AsyncStream.makeStream(of: Bool.self)
        let isStarted = OwnThread.start(name: "test-look") {
            func renewals() -> Int { flaky.calls.events.count { $0 == .renew } }
            let limit = ContinuousClock.now + MachineLoad.stretched(.seconds(30))
            while renewals() < count, ContinuousClock.now < limit { usleep(1000) }
            source.yield(renewals() >= count)
            for _ in 0..<count { gate.signal() }
        }
        #expect(isStarted)
        // Renewed after a third of the lease, long before its end.
        let lease = LeasePolicy(duration: .seconds(6))
        let runs = (0..<count).map { _ in Task { try await flaky.runTaskOnce(handler, lease: lease) } }
        for await isRenewed in finding {
            #expect(isRenewed)
            break
        }
        for run in runs { #expect(try await run.value == .done) }
    }

    /// A backend whose client gives calls up in a task that is cancelled.
    private struct CancellableBackend: ForwardingBackend {
        let wrapped: any Backend

        func release(
            _ leases: [Lease],
            in name: TaskName,
            after delay: Duration
        ) async throws(BellowsError) -> [LeaseOutcome] {
            guard !Task.isCancelled else { throw BellowsError(.cancelled, "given up") }
            return try await wrapped.release(leases, in: name, after: delay)
        }
    }

    @Test("A cancelled run gives its task back, uncounted, whatever the backend makes of cancellation")
    func givesBackWhenCancelled() async throws {
        let store = InMemoryBackend()
        let name = try TaskName("cancelled")
        let started = EventProbe<Int>()
        let handler = TaskHandler(name: name) { _, context in
            started.record(context.attempt)
            try await Task.sleep(for: .seconds(600))
            return []
        }
        let id = try await store.publish([PublishRequest(payload: [])], to: name)[0].id
        let run = Task { try await CancellableBackend(wrapped: store).runTaskOnce(handler) }
        try await started.wait(forCount: 1)
        run.cancel()
        #expect(try await run.value == .retrySoon)
        let inspection = try #require(try await store.inspect(id, in: name))
        #expect(inspection.attempt == 0)
        #expect(inspection.state != .leased)
    }

    /// A backend that knows of more in one part of a definition.
    private struct SurprisingBackend: ForwardingBackend {
        let wrapped: any Backend
        let part: TaskName

        func claim(_ request: ClaimRequest) async throws(BellowsError) -> ClaimOutcome {
            .unavailable(request.name == part ? .now : .after(.seconds(3600)))
        }
    }

    @Test("Where one part of a definition may have more at once, the caller is not sent away for an hour")
    func looksAgainSoon() async throws {
        let options = TaskOptions(partitions: 3)
        let handler = TaskHandler(name: try TaskName("parts"), options: options) { _, _ in [] }
        let store = InMemoryBackend()
        let busy = SurprisingBackend(wrapped: store, part: try TaskName("parts#2"))
        #expect(try await busy.runTaskOnce(handler) == .retrySoon)
        let idle = SurprisingBackend(wrapped: store, part: try TaskName("other"))
        #expect(try await idle.runTaskOnce(handler) == .retry(after: .seconds(3600)))
    }

    private static func block(_ gate: DispatchSemaphore) { gate.wait() }
}
