import Testing

@testable import Bellows

@Suite struct GiveBackScheduleTests {
    @Test("A task is left alone for 5 s, then for twice as long each time, up to a minute")
    func doubles() throws {
        var schedule = GiveBackSchedule()
        let (a, b) = (try Fixtures.lease("a"), try Fixtures.lease("a", name: "other"))
        var now = Fixtures.at(0)
        for seconds in [5, 10, 20, 40, 60, 60, 60] {
            #expect(schedule.delay(for: a, at: now) == .seconds(seconds))
            now = now + .seconds(seconds)
        }
        #expect(schedule.delay(for: b, at: now) == .seconds(5), "of another definition")
        #expect(schedule.total == 8)
    }

    @Test("One that did not come back is forgotten")
    func forgets() throws {
        var schedule = GiveBackSchedule()
        let lease = try Fixtures.lease()
        #expect(schedule.delay(for: lease, at: Fixtures.at(0)) == .seconds(5))
        #expect(schedule.delay(for: lease, at: Fixtures.at(604)) == .seconds(10))
        #expect(schedule.delay(for: lease, at: Fixtures.at(1214)) == .seconds(5))
    }

    @Test("A thousand are remembered, others wait for the longest time until there is space again")
    func isBounded() throws {
        var schedule = GiveBackSchedule()
        for number in 0..<1500 {
            let delay = schedule.delay(for: try Fixtures.lease("\(number)"), at: Fixtures.at(0))
            #expect(delay == .seconds(number < 1000 ? 5 : 60))
        }
        #expect(schedule.count == 1000)
        #expect(schedule.delay(for: try Fixtures.lease("7"), at: Fixtures.at(5)) == .seconds(10), "it is known")
        #expect(schedule.delay(for: try Fixtures.lease("new"), at: Fixtures.at(600)) == .seconds(60))
        #expect(schedule.delay(for: try Fixtures.lease("new"), at: Fixtures.at(700)) == .seconds(5))
        #expect(schedule.count == 1, "the others did not come back")
    }

    @Test("Somebody is told once a minute, and of how many")
    func warnings() throws {
        var schedule = GiveBackSchedule()
        func giveBack(_ seconds: Double) throws -> Int? {
            _ = schedule.delay(for: try Fixtures.lease(), at: Fixtures.at(seconds))
            return schedule.warning(at: Fixtures.at(seconds))
        }
        #expect(try [giveBack(0), giveBack(5), giveBack(59), giveBack(60), giveBack(61)] == [1, nil, nil, 3, nil])
    }
}
