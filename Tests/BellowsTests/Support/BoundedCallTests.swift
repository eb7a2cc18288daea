import BellowsTesting
import TestTurns
import Testing

@testable import Bellows

@Suite(.turn) struct BoundedCallTests {
    private let time = ManualTimeSource()

    /// A call that ends when it is cancelled, and says so.
    private static func hanging(_ ended: EventProbe<Bool>) -> @Sendable () async -> Int {
        {
            // Cut short by the cancellation.
            try? await Task.sleep(for: .seconds(3600))
            ended.record(Task.isCancelled)
            return 1
        }
    }

    @Test func theValueComes() async {
        guard case .value(7) = await BoundedCall.run(until: time.now + .seconds(1), on: time, { 7 }) else {
            Issue.record("no value")
            return
        }
        guard case .value(8) = await BoundedCall.run(until: nil, on: time, { 8 }) else {
            Issue.record("no value without a deadline")
            return
        }
    }

    @Test func theDeadlineComesFirst() async throws {
        let ended = EventProbe<Bool>()
        async let outcome = BoundedCall.run(until: time.now + .seconds(1), on: time, Self.hanging(ended))
        #expect(await time.moveToNextTimer(notAfter: time.now + .seconds(1)))
        guard case .deadline = await outcome else {
            Issue.record("the deadline was not kept")
            return
        }
        #expect(try await ended.wait(forCount: 1) == [true], "the call is cancelled")
    }

    @Test func theCallerIsCancelled() async throws {
        let (began, ended) = (EventProbe<Bool>(), EventProbe<Bool>())
        let time = time
        let caller = Task {
            await BoundedCall.run(until: nil, on: time) {
                began.record(true)
                return await Self.hanging(ended)()
            }
        }
        try await began.wait(forCount: 1)
        caller.cancel()
        guard case .cancelled = await caller.value else {
            Issue.record("the caller still waits")
            return
        }
        #expect(try await ended.wait(forCount: 1) == [true], "the call is cancelled")
    }
}
