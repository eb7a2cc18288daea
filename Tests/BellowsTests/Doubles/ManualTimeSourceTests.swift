import Bellows
import BellowsTesting
import Foundation
import TestTurns
import Testing

@Suite(.turn) struct ManualTimeSourceTests {
    @Test func callsTimersAtTheirOwnTimes() {
        let time = ManualTimeSource()
        let start = time.now
        let probe = EventProbe<Duration>()
        for seconds in [3, 1, 2, 9] {
            _ = time.schedule(at: start + .seconds(seconds)) { probe.record(time.now - start) }
        }
        time.advance(by: .seconds(5))
        #expect(probe.events == [1, 2, 3].map { .seconds($0) })
        #expect(time.now - start == .seconds(5))
    }

    @Test func timersThatAreSetOnTheWayCountToo() {
        let time = ManualTimeSource()
        let start = time.now
        let probe = EventProbe<Duration>()
        _ = time.schedule(at: start + .seconds(1)) {
            _ = time.schedule(at: start + .seconds(2)) { probe.record(time.now - start) }
        }
        time.advance(by: .seconds(3))
        #expect(probe.events == [.seconds(2)])
    }

    @Test func timersInThePastAreCalledWithoutMovingTime() async throws {
        let time = ManualTimeSource()
        let probe = EventProbe<Int>()
        _ = time.schedule(at: time.now - .seconds(1)) { probe.record(1) }
        try await probe.wait(forCount: 1)
    }

    @Test func wallClockMovesAlong() {
        let time = ManualTimeSource(date: Date(timeIntervalSince1970: 100))
        time.advance(by: .seconds(50))
        #expect(time.date == Date(timeIntervalSince1970: 150))
    }

    @Test func waitingForATimerEndsWhenOneIsSetOrTheTaskIsCancelled() async {
        let time = ManualTimeSource()
        let limit = time.now + .seconds(1)
        let waiting = Task { await time.waitForTimer(notAfter: limit) }
        _ = time.schedule(at: limit + .seconds(1)) {}
        _ = time.schedule(at: limit) {}
        #expect(await waiting.value)
        let late = Task { await time.waitForTimer(notAfter: limit - .milliseconds(500)) }
        late.cancel()
        #expect(await late.value == false)
    }
}
