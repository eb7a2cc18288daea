import BellowsTesting
import Synchronization
import TestTurns
import Testing

@testable import Bellows

/// The number of partitions is compared in the end, whatever is in the way at first.
@Suite(.turn) struct PartitionCountVerifierTests {
    /// Refuses the first calls as a store does whose password is mended later.
    private final class LockedRegistry: ForwardingBackend, PartitionCountRegistry {
        let wrapped: any Backend
        private let refusals: Mutex<[BellowsError]>

        init(_ wrapped: any Backend, _ refusals: [BellowsError]) {
            self.wrapped = wrapped
            self.refusals = Mutex(refusals)
        }

        func registerPartitionCount(_ partitions: TaskPartitions) async throws(BellowsError) {
            if let refusal = refusals.withLock({ $0.popLast() }) { throw refusal }
            throw partitions.mismatch(stored: 8)
        }
    }

    @Test("Asked again until the store answers: it may be away, or refuse us until somebody mends that")
    func asksAgain() async throws {
        let time = ManualTimeSource()
        let codes: [BellowsError.Code] = [.unavailable, .accessDenied, .unsupportedServer]
        let refusals = codes.map { BellowsError($0, "not now") }
        let registry = LockedRegistry(InMemoryBackend(timeSource: time), refusals)
        let verifier = PartitionCountVerifier(registry, [try TaskPartitions(TaskName("a"), count: 4)])
        let found = EventProbe<Void>()
        verifier.start { found.record(()) }
        let clock = Task { while await time.moveToNextTimer(notAfter: time.now + .seconds(10)), !Task.isCancelled {} }
        try await found.wait(forCount: 1)
        clock.cancel()
        #expect(verifier.mismatch?.code == .layoutMismatch)
    }
}
