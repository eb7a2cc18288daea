import Testing

@testable import Bellows
@testable import BellowsHistory

/// The checker reports what no order could explain, and nothing else.
@Suite struct HistoryCheckerTests {
    private static let id = TaskID(unchecked: "a")
    private static let first = LeaseToken("1:x")
    private static let second = LeaseToken("2:y")

    private func event(_ start: Int, _ end: Int, _ operation: HistoryEvent.Operation) -> HistoryEvent {
        HistoryEvent(.milliseconds(start), .milliseconds(end), operation)
    }

    /// A publish at 0 and a claim at 10 to 20, before the other events.
    private func problems(
        published: HistoryEvent.Operation = .publish(id, delay: .zero, isGiven: false, isNew: true),
        isOver: Bool = false,
        _ events: HistoryEvent...
    ) -> [String] {
        let begin = [event(0, 5, published), event(10, 20, .claim(Self.id, Self.first, attempt: 1))]
        return HistoryChecker(lease: .seconds(1)).violations(in: begin + events, isOver: isOver)
    }

    private func claim(_ attempt: Int = 2) -> HistoryEvent.Operation { .claim(Self.id, Self.second, attempt: attempt) }

    private func finish(
        _ token: LeaseToken = first,
        nextRun: Duration? = nil,
        _ outcome: HistoryEvent.Outcome = .done
    ) -> HistoryEvent.Operation {
        .finish(Self.id, token, nextRun: nextRun, result: [1], outcome)
    }

    @Test func anOrdinaryLifeIsFine() {
        #expect(problems(isOver: true, event(30, 40, finish())) == [])
        #expect(problems(isOver: true, event(2000, 2010, claim()), event(2020, 2030, finish(Self.second))) == [])
        #expect(problems(event(30, 40, .fail(Self.id, Self.first, retry: .zero, .done)), event(45, 50, claim())) == [])
    }

    @Test("One lease at a time, counted from the last renewal that came through")
    func doubleLeases() {
        #expect(problems(event(500, 600, claim())).count == 1)
        #expect(problems(event(1000, 1020, claim())) == [], "the first one may have ended by then")
        let renewal = event(800, 810, .renew(Self.id, Self.first, .done))
        #expect(problems(renewal, event(1500, 1510, claim())).count == 1)
        #expect(problems(event(800, 810, .renew(Self.id, Self.first, .unknown)), event(1500, 1510, claim())) == [])
        #expect(problems(event(490, 900, finish(nextRun: .zero, .unknown)), event(500, 600, claim())) == [])
        #expect(problems(event(490, 900, finish(Self.first, .refused)), event(500, 600, claim())).count == 1)
    }

    @Test("A token is good for one end, and only while nobody else has the task")
    func staleTokens() {
        #expect(problems(event(30, 40, finish()), event(50, 60, .renew(Self.id, Self.first, .done))).count == 1)
        #expect(problems(event(30, 40, finish()), event(50, 60, .renew(Self.id, Self.first, .refused))) == [])
        let other = event(2000, 2010, claim())
        #expect(problems(other, event(2020, 2030, .release(Self.id, Self.first, after: .zero, .done))).count == 1)
        #expect(problems(other, event(2005, 2030, .renew(Self.id, Self.first, .done))) == [], "it may have been before")
        #expect(!problems(event(30, 40, finish()), event(35, 60, finish())).isEmpty)
    }

    @Test("Nothing before its time")
    func earlyClaims() {
        let delayed = HistoryEvent.Operation.publish(Self.id, delay: .milliseconds(500), isGiven: false, isNew: true)
        #expect(problems(published: delayed).count == 1)
        let failed = event(30, 40, .fail(Self.id, Self.first, retry: .milliseconds(200), .done))
        #expect(problems(failed, event(100, 110, claim())).count == 1)
        #expect(problems(failed, event(210, 240, claim())) == [])
        #expect(problems(event(30, 40, finish(nextRun: .milliseconds(200))), event(100, 110, claim(1))).count == 1)
    }

    @Test("Nothing after its end, unless it was published again")
    func claimsAfterTheEnd() {
        #expect(problems(event(30, 40, finish()), event(2000, 2010, claim())).count == 1)
        let given = HistoryEvent.Operation.publish(Self.id, delay: .zero, isGiven: true, isNew: nil)
        #expect(problems(event(30, 40, finish()), event(50, 60, given), event(2000, 2010, claim())) == [])
    }

    @Test("One end for each life")
    func repeatedEnds() {
        let other = event(2000, 2010, claim())
        #expect(!problems(event(15, 1990, finish()), other, event(2020, 2030, finish(Self.second))).isEmpty)
        let again = HistoryEvent.Operation.publish(Self.id, delay: .zero, isGiven: true, isNew: true)
        #expect(problems(published: again, event(30, 40, finish()), event(50, 60, again)).count == 1)
    }

    @Test("A result comes from somebody who may have given it")
    func foreignResults() {
        #expect(problems(event(30, 40, finish()), event(50, 60, .result(Self.id, [1]))) == [])
        #expect(problems(event(30, 40, finish()), event(50, 60, .result(Self.id, [2]))).count == 1)
        #expect(problems(event(50, 60, .result(Self.id, [1])), event(70, 80, finish())).count == 1)
        #expect(problems(event(30, 40, finish(Self.first, .refused)), event(50, 60, .result(Self.id, [1]))).count == 1)
    }

    @Test("Attempts count claims, less releases")
    func wrongAttempts() {
        #expect(problems(event(2000, 2010, claim(1))).count == 1)
        #expect(problems(event(2000, 2010, claim(3))).count == 1)
        #expect(problems(event(1000, 1010, .claimUnknown(count: 1)), event(2000, 2010, claim(3))) == [])
        let released = event(30, 40, .release(Self.id, Self.first, after: .zero, .done))
        #expect(problems(released, event(50, 60, claim(1))) == [])
        let delayed = event(30, 40, .release(Self.id, Self.first, after: .seconds(9), .done))
        #expect(problems(delayed, event(50, 60, claim(1))).count == 1)
        #expect(problems(delayed, event(9040, 9050, claim(1))) == [])
        #expect(problems(released, event(50, 60, claim(2))).count == 1)
        #expect(
            problems(event(30, 40, .release(Self.id, Self.first, after: .zero, .unknown)), event(50, 60, claim(2)))
                == []
        )
    }

    @Test("What was acknowledged comes to an end")
    func unfinished() {
        #expect(problems(isOver: true).count == 1)
        #expect(problems(isOver: true, event(30, 40, finish(Self.first, .unknown))) == [])
        #expect(problems(isOver: true, event(30, 40, .fail(Self.id, Self.first, retry: nil, .done))) == [])
    }

    @Test("Whoever asked for a result gets one in the end")
    func missingResults() {
        let end = event(30, 40, finish())
        #expect(problems(end, event(50, 60, .finalLook(Self.id, isThere: true))) == [])
        #expect(problems(end, event(50, 60, .finalLook(Self.id, isThere: false))).count == 1)
    }

    @Test("A singleton has one owner, and runs not before the time that its last run set")
    func singletons() {
        let id = TaskID.singleton
        func problems(_ events: HistoryEvent...) -> [String] {
            let claim = event(0, 10, .claim(id, Self.first, attempt: 1))
            return HistoryChecker(lease: .seconds(1)).violations(in: [claim] + events, isOver: true)
        }
        let again = HistoryEvent.Operation.claim(id, Self.second, attempt: 1)
        #expect(problems(event(500, 510, again)).count == 1, "two owners")
        #expect(problems(event(1100, 1110, again)) == [])
        let set = event(20, 30, .finish(id, Self.first, nextRun: .milliseconds(300), result: [], .done))
        #expect(problems(set, event(200, 210, again)).count == 1, "too early")
        #expect(problems(set, event(400, 410, again)) == [])
        let lost = event(40, 50, .renew(id, Self.first, .done))
        #expect(problems(set, lost).count == 1, "a token is good for one end")
    }

    @Test("Whoever waits, stops or takes over is done in time")
    func tardiness() {
        func problems(_ start: Int, _ end: Int, _ operation: HistoryEvent.Operation) -> Int {
            HistoryChecker(lease: .seconds(1)).violations(in: [event(start, end, operation)], isOver: true).count
        }
        let timeout = Duration.milliseconds(100)
        #expect(problems(0, 2000, .wait(Self.id, timeout: timeout, isOwn: nil)) == 0)
        #expect(problems(0, 2200, .wait(Self.id, timeout: timeout, isOwn: nil)) == 1)
        #expect(problems(0, 50, .wait(Self.id, timeout: timeout, isOwn: true)) == 0)
        #expect(problems(0, 50, .wait(Self.id, timeout: timeout, isOwn: false)) == 1)
        #expect(problems(0, 9000, .takeover(started: .milliseconds(1900))) == 0)
        #expect(problems(0, 9000, .takeover(started: .milliseconds(2100))) == 1)
        #expect(problems(0, 9000, .takeover(started: nil)) == 1)
        #expect(problems(0, 2000, .stop(grace: timeout, failure: nil)) == 0)
        #expect(problems(0, 2200, .stop(grace: timeout, failure: nil)) == 1)
        #expect(problems(0, 10, .stop(grace: timeout, failure: "no")) == 1)
    }
}
