import Testing

@testable import BellowsRedis

@Suite struct AnswerWatchTests {
    private let node = RedisConfiguration.Node(host: "a", port: 1)
    private let other = RedisConfiguration.Node(host: "b", port: 1)
    private let start = ContinuousClock.now

    private func expect(_ look: (isSilent: Bool, looksAgain: Bool), _ isSilent: Bool, _ looksAgain: Bool) {
        #expect(look.isSilent == isSilent)
        #expect(look.looksAgain == looksAgain)
    }

    @Test("One look is arranged at a time, and none where nobody owes anything")
    func looks() {
        var watch = AnswerWatch()
        let (first, second) = (watch.sent(to: node, start), watch.sent(to: other, start))
        #expect(first && !second)
        watch.ended(at: node, start)
        expect(watch.look(start), false, true)
        watch.ended(at: other, start)
        expect(watch.look(start), false, false)
        let again = watch.sent(to: node, start)
        #expect(again)
    }

    @Test("Silence counts from the last answer, or from the first command")
    func silence() {
        var watch = AnswerWatch()
        _ = watch.sent(to: node, start)
        _ = watch.sent(to: node, start + .milliseconds(900))
        expect(watch.look(start + .milliseconds(999)), false, true)
        expect(watch.look(start + .seconds(1)), true, true)
        watch.ended(at: node, start + .milliseconds(1500))
        expect(watch.look(start + .milliseconds(2499)), false, true)
        expect(watch.look(start + .milliseconds(2500)), true, true)
        watch.ended(at: node, start + .seconds(3))
        watch.ended(at: node, start + .seconds(3))
        expect(watch.look(start + .seconds(9)), false, false)
    }
}
