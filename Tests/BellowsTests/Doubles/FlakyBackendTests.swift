import Bellows
import BellowsTesting
import TestTurns
import Testing

@Suite(.turn) struct FlakyBackendTests {
    private let inner = InMemoryBackend()
    private let name: TaskName

    init() throws { name = try TaskName("test.task") }

    @Test func refusalsChangeNothingAndEnd() async throws {
        let flaky = FlakyBackend(inner)
        flaky.inject(.refused(BellowsError(.unavailable, "down")), into: [.publish], count: 2)
        for _ in 1...2 {
            await #expect(throws: BellowsError.self) {
                try await flaky.publish([PublishRequest(payload: [])], to: name)
            }
        }
        #expect(try await inner.statistics(of: name).ready == 0)
        _ = try await flaky.publish([PublishRequest(payload: [])], to: name)
        #expect(try await inner.statistics(of: name).ready == 1)
        #expect(flaky.calls.events == [.publish, .publish, .publish])
    }

    @Test func lostRepliesAreCarriedOutUntilHealed() async throws {
        let flaky = FlakyBackend(inner)
        flaky.inject(.replyLost)
        let error = await #expect(throws: BellowsError.self) {
            try await flaky.publish([PublishRequest(payload: [])], to: name)
        }
        #expect(error?.code == .outcomeUnknown)
        #expect(try await inner.statistics(of: name).ready == 1)
        flaky.heal()
        _ = try await flaky.result(of: [ResultQuery(id: TaskID())], in: name)
    }

    @Test func capabilitiesOfTheWrappedBackendSurvive() async throws {
        let flaky = FlakyBackend(FlakyBackend(inner))
        let inspecting = try #require(flaky.capability((any BackendInspecting).self))
        _ = try await inner.publish([PublishRequest(payload: [])], to: name)
        #expect(try await inspecting.statistics(of: name).ready == 1)
        #expect(flaky.capability((any WakeUpForwarding).self) == nil)
    }

    @Test func numbersOfPartitionsAreComparedBehindADecorator() async throws {
        let flaky = FlakyBackend(inner)
        _ = try await flaky.publish([PublishRequest(payload: [])], to: TaskPartitions(name, count: 4))
        let error = await #expect(throws: BellowsError.self) {
            try await flaky.publish([PublishRequest(payload: [])], to: TaskPartitions(name, count: 1))
        }
        #expect(error?.code == .layoutMismatch)
    }

    @Test func droppedSignalsAreReplacedByAResweep() async throws {
        let flaky = FlakyBackend(inner)
        let subscription = try await flaky.subscribe(to: [.tasks(name)])
        #expect(await subscription.next() == .signal(.checkEverything))
        flaky.dropSignals()
        _ = try await inner.publish([PublishRequest(payload: [])], to: name)
        flaky.restoreSignals()
        #expect(await subscription.next() == .signal(.checkEverything))
    }
}
