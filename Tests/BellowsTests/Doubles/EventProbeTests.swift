import BellowsConformance
import BellowsTesting
import TestTurns
import Testing

@Suite(.turn) struct EventProbeTests {
    @Test func waitsForTheEventsThatAreWanted() async throws {
        let probe = EventProbe<Int>()
        async let events = probe.wait(for: "a seven") { $0.contains(7) }
        for number in 1...9 { probe.record(number) }
        #expect(try await events.contains(7))
        #expect(try await probe.wait(forCount: 9) == Array(1...9))
    }

    @Test func failsReadablyWhenTheyDoNotCome() async {
        let probe = EventProbe<Int>()
        probe.record(1)
        let failure = await #expect(throws: EventProbeTimeout.self) {
            try await probe.wait(forCount: 2, of: "apples", timeout: .milliseconds(20))
        }
        #expect(failure?.description == "waited for 2 apples in vain; events so far: [1]")
    }

    @Test("A time limit that is over before the wait has begun ends it")
    func endsAtOnceWhenItIsTooLate() async {
        let probe = EventProbe<Int>()
        await #expect(throws: EventProbeTimeout.self) { try await probe.wait(forCount: 1, timeout: .seconds(-1)) }
    }

    @Test func cancelledWaitsFail() async {
        let probe = EventProbe<Int>()
        let waiting = Task { try await probe.wait(forCount: 1) }
        waiting.cancel()
        await #expect(throws: EventProbeTimeout.self) { try await waiting.value }
    }
}
