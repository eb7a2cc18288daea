import Synchronization
import Testing

@testable import TestTurns

/// Who may run when: so many at a time, in the order of coming, whatever becomes of them.
@Suite(.turn) struct TurnGateTests {
    private struct Broken: Error {}

    private final class Inside: Sendable {
        let count = Atomic(0)
    }

    @Test func letsNoMoreInThanThereIsRoomFor() async throws {
        let gate = TurnGate(width: 3)
        let inside = Inside()
        let most = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    var seen = 0
                    try await gate.pass {
                        seen = inside.count.add(1, ordering: .relaxed).newValue
                        await Task.yield()
                        inside.count.subtract(1, ordering: .relaxed)
                    }
                    return seen
                }
            }
            return try await group.reduce(0, max)
        }
        #expect(most <= 3)
    }

    @Test func failuresMakeRoomToo() async throws {
        let gate = TurnGate(width: 1)
        for _ in 0..<3 {
            await #expect(throws: Broken.self) { try await gate.pass { throw Broken() } }
        }
        try await gate.pass {}
    }
}
