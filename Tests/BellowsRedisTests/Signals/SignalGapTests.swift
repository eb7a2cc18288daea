import Bellows
import Testing

@testable import BellowsRedis

/// When subscribers are told that they may have missed signals.
@Suite struct SignalGapTests {
    private let start = ContinuousClock.now
    private let names: [TaskName]
    private let loading = BellowsError(.unavailable, "Redis is loading its data")
    private var parts: [[TaskName]] { names.map { [$0] } }

    init() throws {
        names = try ["a", "b", "c"].map { try TaskName($0) }
    }

    @Test("Subscribers look once the server has answered after the channels were confirmed")
    func closesOnce() {
        var gap = SignalGap(isDivided: false)
        #expect(gap.began == nil)
        gap.open(at: start)
        #expect(gap.began == start && !gap.isInForce)
        let begins = gap.confirm(all: true)
        #expect(begins)
        #expect(gap.isInForce && gap.began == start)
        let current = gap.beginTry(for: names)
        #expect(current == SignalGap.Try(parts: [[]], time: .seconds(1)))
        let verdict = gap.endTry(unanswered: [], problem: nil, jitter: 0)
        #expect(verdict == SignalGap.Verdict(tellsSubscribers: true))
        #expect(gap.began == nil)
    }

    @Test("A server that refuses is asked again after a pause, each time with more time, and warned of once")
    func triesAgain() {
        var gap = openGap(isDivided: false)
        for (number, seconds) in [1, 2, 4, 8, 8].enumerated() {
            let current = gap.beginTry(for: names)
            #expect(current.time == .seconds(seconds))
            let verdict = gap.endTry(unanswered: [[]], problem: loading, jitter: 0.5)
            #expect(verdict == SignalGap.Verdict(warns: number == 0, nextTry: .milliseconds(150)))
        }
        #expect(gap.began == start)
        _ = gap.beginTry(for: names)
        let secondVerdict = gap.endTry(unanswered: [], problem: nil, jitter: 0)
        #expect(secondVerdict.nextTry == nil)
        #expect(gap.began == nil)
    }

    @Test("What does not pass by itself is asked for once in one to two seconds")
    func pausesLonger() {
        var gap = openGap(isDivided: false)
        _ = gap.beginTry(for: names)
        let verdict = gap.endTry(unanswered: [[]], problem: BellowsError(.accessDenied, "no"), jitter: 1)
        #expect(verdict.nextTry == .seconds(2))
    }

    @Test("Another gap while one is being closed begins the tries anew, without a second closer")
    func takesAnotherGapAlong() {
        var gap = openGap(isDivided: false)
        _ = gap.beginTry(for: names)
        _ = gap.endTry(unanswered: [[]], problem: loading, jitter: 0)
        _ = gap.beginTry(for: names)
        gap.open(at: start + .seconds(5))
        let begins = gap.confirm(all: true)
        #expect(!begins)
        let verdict = gap.endTry(unanswered: [], problem: nil, jitter: 0)
        #expect(verdict == SignalGap.Verdict(tellsSubscribers: true, nextTry: .zero))
        #expect(gap.began == start)
        let current = gap.beginTry(for: names)
        #expect(current.time == .seconds(1))
        let secondVerdict = gap.endTry(unanswered: [], problem: nil, jitter: 0)
        #expect(secondVerdict.nextTry == nil)
        #expect(gap.began == nil)
        let secondBegins = gap.confirm(all: true)
        #expect(secondBegins)
    }

    @Test("A connection that is lost again stays a gap, although servers have answered")
    func staysOpenWithoutChannels() {
        var gap = openGap(isDivided: false)
        _ = gap.beginTry(for: names)
        gap.open(at: start + .seconds(5))
        _ = gap.endTry(unanswered: [], problem: nil, jitter: 0)
        #expect(gap.began == start && !gap.isInForce)
    }

    @Test("In a cluster those that are served look at once, and only the others are asked again")
    func asksTheRestAgain() {
        var gap = openGap(isDivided: true)
        let current = gap.beginTry(for: names)
        #expect(current.parts == parts)
        let first = gap.endTry(unanswered: [[names[1]]], problem: loading, jitter: 0)
        #expect(first == SignalGap.Verdict(tellsSubscribers: true, warns: true, nextTry: .milliseconds(100)))
        let secondCurrent = gap.beginTry(for: names)
        #expect(secondCurrent == SignalGap.Try(parts: [[names[1]]], time: .seconds(2)))
        let verdict = gap.endTry(unanswered: [[names[1]]], problem: loading, jitter: 0)
        #expect(!verdict.tellsSubscribers)
        let thirdCurrent = gap.beginTry(for: names)
        #expect(thirdCurrent.time == .seconds(2))
        let begins = gap.confirm(all: false)
        #expect(!begins)
        let fourthCurrent = gap.beginTry(for: names)
        #expect(fourthCurrent == SignalGap.Try(parts: parts, time: .seconds(1)))
    }

    @Test("A part of the channels is news for subscribers, and leaves the gap open")
    func partInForce() {
        var gap = SignalGap(isDivided: true)
        gap.open(at: start)
        let begins = gap.confirm(all: false)
        #expect(begins)
        _ = gap.beginTry(for: names)
        let verdict = gap.endTry(unanswered: [], problem: nil, jitter: 0)
        #expect(verdict == SignalGap.Verdict(tellsSubscribers: true))
        #expect(gap.began == start && !gap.isInForce)
    }

    @Test("A closed backend is not asked again")
    func endsWhenClosed() {
        var gap = openGap(isDivided: false)
        _ = gap.beginTry(for: names)
        let verdict = gap.endTry(unanswered: [[]], problem: BellowsError(.closed, "closed"), jitter: 0)
        #expect(verdict == SignalGap.Verdict())
    }

    /// One whose channels are confirmed.
    private func openGap(isDivided: Bool) -> SignalGap {
        var gap = SignalGap(isDivided: isDivided)
        gap.open(at: start)
        _ = gap.confirm(all: true)
        return gap
    }
}
