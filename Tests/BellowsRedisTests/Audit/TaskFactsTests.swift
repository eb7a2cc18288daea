import Testing

@testable import BellowsRedis

@Suite struct TaskFactsTests {
    private static let token = "2:0123456789abcdef-7"

    private func kinds(_ change: (inout TaskFacts) -> Void, lease: Int64? = 20_000) -> Set<StoreViolation.Kind> {
        var facts = TaskFacts(id: "a")
        change(&facts)
        return Set(facts.problems(now: 1_000_000, longestLease: lease).map(\.kind))
    }

    @Test("What the scripts leave behind is sound") func soundStates() {
        #expect(kinds { _ in } == [])
        #expect(kinds { ($0.hasRecord, $0.isListed) = (true, true) } == [])
        #expect(kinds { $0.hasRecord = true } == [], "nobody looked into the list")
        #expect(kinds { ($0.hasRecord, $0.due, $0.token, $0.hasError) = (true, 5, "3:", true) } == [])
        #expect(kinds { ($0.hasRecord, $0.leaseEnd, $0.token) = (true, 1, Self.token) } == [], "ended, not taken over")
        #expect(kinds { ($0.hasRecord, $0.want) = (true, "0:0123456789abcdef-1-0:") } == [])
        #expect(kinds { ($0.hasRecord, $0.want) = (true, "60000:-:0123456789abcdef,0123456789abcdee") } == [])
        #expect(kinds { ($0.diedAt, $0.hasDeadRecord, $0.deadCause) = (9, true, "5:it failed") } == [])
        #expect(kinds { ($0.diedAt, $0.deadCause) = (9, "0:payload missing") } == [])
        #expect(kinds { $0.isFinished = true } == [])
    }

    @Test("A task of our own that was given back stays leased, to nobody and for any time") func ownTasks() {
        #expect(kinds { ($0.id, $0.hasRecord, $0.leaseEnd, $0.token) = ("~f", true, 1_060_000, "0:") } == [])
        #expect(kinds { ($0.id, $0.hasRecord, $0.leaseEnd, $0.token) = ("~f", true, 5, Self.token) } == [])
    }

    @Test("Numbers that nobody can add are found, and stop nothing") func endlessNumbers() {
        for number in [Int64.min, .max] {
            let held = kinds({ ($0.hasRecord, $0.leaseEnd, $0.token) = (true, number, Self.token) }, lease: .max)
            #expect(held == [])
            #expect(kinds({ ($0.hasRecord, $0.due) = (true, number) }) == (number > 0 ? [.tooFar] : []))
            let singleton = SingletonFacts(fields: ["token": Self.token, "attempt": "2", "end": "\(number)"])
            #expect(singleton.problems(now: 1_000_000, longestLease: .max).isEmpty)
            #expect(singleton.problems(now: .min, longestLease: 1000).count == (number > 0 ? 1 : 0))
        }
    }

    @Test("A ready task that the list does not name is lost") func unreachable() {
        #expect(kinds { ($0.hasRecord, $0.isListed) = (true, false) } == [.unreachable])
        #expect(kinds { ($0.hasRecord, $0.isListed, $0.token) = (true, false, "1:") } == [.unreachable])
        #expect(kinds { ($0.hasRecord, $0.isListed, $0.due) = (true, false, 5) } == [])
    }

    @Test("A task is in one state") func twoStates() {
        #expect(kinds { ($0.hasRecord, $0.due, $0.leaseEnd, $0.token) = (true, 1, 1, Self.token) } == [.twoStates])
        #expect(
            kinds { ($0.hasRecord, $0.diedAt, $0.hasDeadRecord, $0.deadCause) = (true, 1, true, "1:x") } == [.twoStates]
        )
        #expect(kinds { ($0.hasRecord, $0.isFinished) = (true, true) } == [.twoStates])
    }

    @Test("What belongs together is there together") func pairs() {
        #expect(kinds { $0.due = 5 } == [.recordMissing])
        #expect(kinds { ($0.leaseEnd, $0.token) = (5, Self.token) } == [.recordMissing])
        #expect(kinds { ($0.hasRecord, $0.leaseEnd) = (true, 5) } == [.leaseWithoutToken])
        #expect(kinds { ($0.hasRecord, $0.leaseEnd, $0.token) = (true, 5, "2:") } == [.leaseWithoutToken])
        #expect(kinds { ($0.hasRecord, $0.token) = (true, Self.token) } == [.tokenWithoutLease])
        #expect(kinds { $0.token = "2:" } == [.leftover])
        #expect(kinds { $0.hasError = true } == [.leftover])
        #expect(kinds { $0.want = "0:a:" } == [.leftover])
        #expect(kinds { $0.hasDeadRecord = true } == [.leftover])
        #expect(kinds { $0.deadCause = "1:x" } == [.leftover])
        #expect(kinds { ($0.diedAt, $0.hasDeadRecord) = (9, true) } == [.recordMissing])
        #expect(kinds { ($0.diedAt, $0.deadCause) = (9, "5:it failed") } == [.recordMissing])
    }

    @Test(
        "Texts have their form",
        arguments: ["", "x", "1", "-1:", "0:0123456789abcdef-7", "1:abc", "1:0123456789abcdef-x"]
    )
    func malformedTokens(_ token: String) {
        #expect(kinds { ($0.hasRecord, $0.due, $0.token) = (true, 5, token) } == [.malformed])
    }

    @Test("Texts have their form", arguments: ["", "x", "1:2", "a:b:c", "1::"])
    func malformedWants(_ want: String) {
        #expect(kinds { ($0.hasRecord, $0.want) = (true, want) } == [.malformed])
    }

    @Test("No script sets times so far away") func tooFar() {
        #expect(kinds { ($0.hasRecord, $0.leaseEnd, $0.token) = (true, 1_021_000, Self.token) } == [])
        #expect(kinds { ($0.hasRecord, $0.leaseEnd, $0.token) = (true, 1_021_001, Self.token) } == [.tooFar])
        #expect(kinds({ ($0.hasRecord, $0.leaseEnd, $0.token) = (true, 1_021_001, Self.token) }, lease: nil) == [])
        #expect(kinds { ($0.hasRecord, $0.due) = (true, 1_000_000 + 3660 * 86_400_000) } == [])
        #expect(kinds { ($0.hasRecord, $0.due) = (true, 1_000_001 + 3660 * 86_400_000) } == [.tooFar])
    }

    @Test("Values that no script gives are no facts") func reading() {
        let parts = ["a", "P", "5", "", "1:", "E", "", "", "", "", "F", "N"].map { RedisReply.bytes(Array($0.utf8)) }
        let facts = TaskFacts(parts[...])
        #expect(facts?.due == 5)
        #expect(facts?.isListed == false)
        #expect(facts?.leaseEnd == nil)
        #expect(TaskFacts(parts.dropLast()) == nil)
        #expect(TaskFacts((parts.dropLast() + [.null])[...]) == nil)
    }
}
