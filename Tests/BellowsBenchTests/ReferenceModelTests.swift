import Testing

@testable import Bellows
@testable import BellowsHistory
@testable import RedisHistory

/// The model takes the answers that a server may give, and no others.
@Suite struct ReferenceModelTests {
    private var model = ReferenceModel()
    private var time: Int64 = 1000
    private var calls: Int64 = 0

    /// A call that takes a millisecond. What hands out tasks answers a fence too, the time in microseconds.
    private mutating func call(
        _ script: String,
        _ arguments: String...,
        answers given: String...,
        fence: Int64? = nil
    ) -> [String] {
        calls += 1
        let fence = String(fence ?? time * 1000 + calls)
        var answers = given
        if script == "claim" { answers.insert(fence, at: 1) }
        if script == "claim_by_id" || script == "claim_singleton", given[0] == "C" { answers.append(fence) }
        let call = RecordedCall(
            script: script,
            before: time,
            after: time + 1,
            arguments: arguments.map { Array($0.utf8) },
            reply: answers.map { Array($0.utf8) }
        )
        return model.apply(call)
    }

    /// A task that is there, and one that is claimed as `1:n`.
    private mutating func begin() {
        #expect(call("publish", "p", "1", "R", "a", "", "A", answers: "N") == [])
        #expect(call("publish", "p", "2", "R", "b", "1,0,0,0", "B", answers: "N") == [])
        #expect(call("claim", "1", "1000", "n", answers: "0", "a", "1", "A") == [])
    }

    @Test("An ordinary life") mutating func life() {
        begin()
        #expect(call("renew", "1000", "a", "1:n", answers: "D") == [])
        #expect(call("finish", "p", "3", "", "a", "1:n", "", "r", answers: "D") == [])
        #expect(call("finish", "p", "4", "", "a", "1:n", "", "r", answers: "L") == [])
        #expect(model.unfinished == ["b"])
        #expect(call("claim", "5", "1000", "o", answers: "-1", "b", "1", "B") == [])
        #expect(call("fail", "p", "5", "", "b", "1:o", "-1", "no", answers: "D") == [])
        #expect(call("publish", "p", "6", "R", "b", "1,0,0,0", "B", answers: "X") == [])
        #expect(model.unfinished == [])
    }

    @Test("What is cancelled ends at once if it waits, and with its attempt if it runs") mutating func cancelling() {
        begin()
        #expect(call("cancel", "p", "3", "", "why", "a", "b", "c", answers: "SCU") == [])
        #expect(call("cancel", "p", "3", "R", "why", "a", "b", "c", answers: "SCU") == [])
        #expect(call("lookup", "p", "0", "b", "", answers: "C", "why") == [])
        #expect(call("renew", "1000", "a", "1:n", answers: "C") == [])
        #expect(call("renew", "1000", "a", "1:n", answers: "D").count == 1)
        #expect(call("fail", "p", "4", "", "a", "1:n", "50", "no", answers: "D") == [])
        #expect(model.unfinished == [])
        #expect(call("lookup", "p", "0", "a", "", answers: "C", "why") == [])
        #expect(call("cancel", "p", "5", "", "late", "a", answers: "C") == [])
        time += 70_000
        #expect(call("lookup", "p", "0", "a", "", answers: "U", "") == [])
        #expect(call("cancel", "p", "6", "", "late", "a", answers: "C").count == 1)
    }

    @Test("What waits is moved, what runs is not") mutating func rescheduling() {
        begin()
        #expect(call("reschedule", "p", "3", "", "500", "a", "b", "c", answers: "LDU") == [])
        #expect(call("claim", "1", "1000", "o", answers: "-1", "b", "1", "B").count == 1)
        #expect(call("reschedule", "p", "4", "", "0", "a", answers: "D").count == 1)
    }

    @Test("A cancelled task whose lease has ended is not handed out; a claim ends it") mutating func stopped() {
        begin()
        #expect(call("cancel", "p", "3", "", "why", "a", answers: "A") == [])
        time += 2000
        var other = self
        #expect(call("claim", "1", "1000", "o", answers: "0", "a", "2", "A").count == 1)
        #expect(other.call("claim", "2", "1000", "o", answers: "-1", "b", "1", "B") == [])
        #expect(other.call("finish", "p", "4", "", "a", "1:n", "", "r", answers: "L") == [])
        #expect(other.model.unfinished == ["b"])
    }

    @Test("A token is good until the next claim, the end, or never") mutating func tokens() {
        begin()
        #expect(call("renew", "1000", "a", "1:x", answers: "D").count == 1)
        #expect(call("renew", "1000", "a", "1:n", answers: "L").count == 1)
        #expect(call("finish", "p", "3", "", "a", "1:x", "", "r", answers: "D").count == 1)
        time += 2000
        #expect(call("claim", "1", "1000", "o", answers: "0", "a", "2", "A") == [])
        #expect(call("release", "p", "4", "", "0", "a", "1:n", answers: "D").count == 1)
        #expect(call("release", "p", "5", "", "0", "a", "2:o", answers: "D") == [])
        #expect(call("fail", "p", "6", "", "a", "2:o", "0", "no", answers: "D").count == 1)
        #expect(call("claim", "1", "1000", "q", answers: "0", "a", "2", "A") == [])
        #expect(call("release", "p", "7", "", "5000", "a", "2:q", answers: "D") == [])
        #expect(call("claim", "1", "1000", "r", answers: "0", "b", "1", "B") == [], "it is left alone")
        time += 6000
        #expect(call("claim", "2", "1000", "s", answers: "0", "a", "2", "A", "b", "2", "B") == [])
    }

    @Test("One lease at a time, in turn, with the right number") mutating func claims() {
        begin()
        #expect(!call("claim", "1", "1000", "o", answers: "0", "a", "2", "A").isEmpty, "it is leased")
        #expect(!call("claim", "1", "1000", "p", answers: "0", "b", "2", "B").isEmpty, "it was never claimed")
        #expect(!call("claim", "1", "1000", "q", answers: "0", "c", "1", "C").isEmpty, "nobody published it")
        _ = call("publish", "p", "3", "R", "d", "", "D", answers: "N")
        _ = call("publish", "p", "4", "R", "e", "", "E", answers: "N")
        #expect(!call("claim", "1", "1000", "r", answers: "0", "e", "1", "E").isEmpty, "another one came before")
        #expect(!call("claim", "1", "1000", "s", answers: "-1").isEmpty, "there was one")
        #expect(!call("claim", "1", "1000", "t", answers: "0", "d", "1", "X").isEmpty, "another payload")
    }

    @Test("A later holder has a greater fence, unless the clock was set back") mutating func fences() {
        begin()
        time += 2000
        #expect(!call("claim", "1", "1000", "o", answers: "0", "a", "2", "A", fence: 1_000_001).isEmpty, "another time")
        time += 2000
        let fence = time * 1000 + 900
        #expect(call("claim_by_id", "a", "1", "p", answers: "C", "3", "A", fence: fence) == [])
        time += 1
        #expect(call("claim_by_id", "a", "1", "q", answers: "C", "4", "A", fence: fence).count == 1, "the same again")
        #expect(call("claim_singleton", "1000", "n", answers: "C", "1") == [])
        #expect(call("claim_singleton", "1000", "n", "R", answers: "C", "1", fence: 5).count == 1)
    }

    @Test("A repeated claim finds its tasks again") mutating func repeatedClaims() {
        begin()
        #expect(call("claim", "1", "1000", "n", "R", answers: "0", "a", "1", "A") == [])
        #expect(!call("claim", "1", "1000", "n", "R", answers: "0", "b", "1", "B").isEmpty, "it has a")
        #expect(!call("claim", "1", "1000", "n", answers: "0", "a", "1", "A").isEmpty, "not said to be repeated")
    }

    @Test("Nothing before its time") mutating func delays() {
        #expect(call("publish", "p", "1", "R", "a", "0,500,0,0", "A", answers: "N") == [])
        #expect(!call("claim", "1", "1000", "m", answers: "0", "a", "1", "A").isEmpty)
        time += 2000
        #expect(call("claim", "1", "1000", "n", answers: "0", "a", "2", "A") == [])
        #expect(call("fail", "p", "2", "", "a", "2:n", "300", "no", answers: "D") == [])
        time += 200
        #expect(call("claim", "1", "1000", "o", answers: "100") == [])
        #expect(!call("claim", "1", "1000", "q", answers: "100", "a", "3", "A").isEmpty)
    }

    @Test("A call takes effect once") mutating func repetitions() {
        begin()
        #expect(call("finish", "p", "3", "", "a", "1:n", "", "r", answers: "D") == [])
        #expect(call("finish", "p", "3", "R", "a", "1:n", "", "r", answers: "D") == [])
        #expect(call("finish", "p", "3", "R", "a", "1:n", "", "r", answers: "L").count == 1)
        #expect(call("publish", "p", "1", "R", "a", "", "A", answers: "N") == [])
        #expect(model.unfinished == ["b"], "a was not published again")
    }

    @Test("The result of a run, for those who want it") mutating func results() {
        #expect(call("publish", "p", "1", "R", "a", "1,0,5000,1", "A", answers: "N") == [])
        #expect(call("lookup", "p", "5000", "a", "", answers: "P", "") == [])
        _ = call("claim", "1", "1000", "n", answers: "0", "a", "1", "A")
        #expect(call("lookup", "p", "5000", "a", "", answers: "U", "").count == 1)
        #expect(call("finish", "p", "2", "", "a", "1:n", "0,5000,-1", "yes", answers: "D") == [])
        #expect(call("lookup", "p", "5000", "a", "p-1-0", answers: "D", "yes") == [])
        #expect(call("lookup", "p", "5000", "a", "p-1-0", answers: "D", "no").count == 1)
        #expect(call("lookup", "p", "5000", "a", "p-9-0", answers: "U", "") == [])
        #expect(call("lookup", "p", "5000", "a", "p-9-0", answers: "D", "yes").count == 1)
        #expect(call("publish", "p", "3", "R", "a", "1,0,0,0", "A", answers: "F") == [])
        #expect(call("publish", "p", "4", "R", "a", "1,0,0,0", "A", answers: "N").count == 1)
    }

    @Test("A singleton has one owner") mutating func singletons() {
        #expect(call("claim_singleton", "1000", "n", answers: "C", "1") == [])
        #expect(call("claim_singleton", "1000", "o", answers: "L", "1000") == [])
        #expect(call("claim_singleton", "1000", "q", answers: "C", "2").count == 1)
        #expect(call("singleton", "p", "1", "", "2:q", "finish", "500", "", answers: "D") == [])
        #expect(call("claim_singleton", "1000", "r", answers: "C", "1").count == 1)
        time += 5000
        #expect(call("singleton", "p", "2", "", "1:n", "renew", "1000", "", answers: "D").count == 1)
        #expect(call("claim_singleton", "1000", "s", answers: "U", "10").count == 1)
    }

    @Test("A clock that is set back makes leases end no later than the longest one") mutating func clocks() {
        begin()
        time -= 60_000
        #expect(call("claim", "1", "1000", "o", answers: "0", "b", "1", "B") == [])
        time += 1500
        #expect(call("claim", "1", "1000", "q", answers: "0", "a", "2", "A") == [])
        #expect(!call("claim", "1", "1000", "r", answers: "0", "a", "3", "A").isEmpty)
    }

    @Test("What a client was told has to be what a server has said")
    func answersGiven() {
        let call = RecordedCall(
            script: "finish",
            before: 1,
            after: 2,
            arguments: ["p", "1", "", "a", "1:n", "", "r"].map { Array($0.utf8) },
            reply: [Array("D".utf8)]
        )
        let id = TaskID(unchecked: "a")
        func missing(_ token: String, _ outcome: HistoryEvent.Outcome) -> Int {
            let operation = HistoryEvent.Operation.finish(id, LeaseToken(token), nextRun: nil, result: [], outcome)
            return AnswersGiven([call]).missing([HistoryEvent(.zero, .zero, operation)]).count
        }
        #expect(missing("1:n", .done) == 0)
        #expect(missing("1:n", .unknown) == 0)
        #expect(missing("1:n", .refused) == 1)
        #expect(missing("2:n", .done) == 1)
        let published = HistoryEvent.Operation.publish(id, delay: .zero, isGiven: true, isNew: true)
        #expect(AnswersGiven([call]).missing([HistoryEvent(.zero, .zero, published)]).count == 1)
    }

    @Test("A list of calls is read as it is written") func reading() throws {
        let list = ["renew", "5", "6", "3", "1000", "a", "1:n", "1", "D"].map { Array($0.utf8) }
        let calls = try RecordedCall.read(list + list)
        #expect(calls.count == 2)
        #expect(calls[1].text(2) == "1:n" && calls[1].answer(0) == "D" && calls[1].after == 6)
        #expect(throws: (any Error).self) { try RecordedCall.read(Array(list.dropLast())) }
        #expect(throws: (any Error).self) { try RecordedCall.read([[1]]) }
    }
}
