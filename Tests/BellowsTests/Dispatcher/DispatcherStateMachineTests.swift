import Testing

@testable import Bellows

/// How the dispatcher claims, runs and reports.
@Suite struct DispatcherStateMachineTests: DispatcherMachineTesting {
    @Test func sweepsWhenTheSubscriptionComesIntoForce() throws {
        var machine = try machine()
        #expect(
            machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0) == [
                .claim(definition: 0, count: 4)
            ]
        )
        #expect(
            machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0) == [],
            "one claim at a time"
        )
    }

    @Test func idleMachineArmsNothing() throws {
        var machine = try machine()
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        #expect(machine.handle([empty(.onSignal)], now: Fixtures.at(0), jitter: 0) == [])
    }

    @Test("What only we were told is passed on while no slot is free, and served as soon as one is")
    func passesOn() throws {
        var machine = try machine(slots: 1)
        let name = try TaskName("a")
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        #expect(
            machine.handle([.signal(.availableHere(name))], now: Fixtures.at(0), jitter: 0) == [],
            "a claim is under way"
        )
        let full = machine.handle([try claimed(["x"])], now: Fixtures.at(0), jitter: 0)
        #expect(full.contains(.forwardWakeUp(name)))
        #expect(
            machine.handle([.signal(.availableHere(name))], now: Fixtures.at(1), jitter: 0).contains(
                .forwardWakeUp(name)
            )
        )
        #expect(machine.handle([.signal(.available(name))], now: Fixtures.at(1), jitter: 0) == [])
        let ended = machine.handle([.workerEnded(slot(1), try finish("x"))], now: Fixtures.at(1), jitter: 0)
        #expect(ended.contains(.claim(definition: 0, count: 1)))
        #expect(!ended.contains(.forwardWakeUp(name)))
    }

    @Test("A time that comes while no slot is free, or while we drain, is passed on")
    func passesTimesOn() throws {
        var machine = try machine(slots: 1)
        let name = try TaskName("a")
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([try claimed(["x"])], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([.signal(.due(name, in: .seconds(1)))], now: Fixtures.at(0), jitter: 0)
        #expect(machine.handle([.timer], now: Fixtures.at(1), jitter: 0).contains(.forwardWakeUp(name)))
        _ = machine.handle([.signal(.due(name, in: .seconds(1)))], now: Fixtures.at(1), jitter: 0)
        _ = machine.handle([.drain], now: Fixtures.at(1), jitter: 0)
        #expect(machine.handle([.timer], now: Fixtures.at(2), jitter: 0).contains(.forwardWakeUp(name)))
    }

    @Test("A time that a signal names stands, whatever claims come before it")
    func looksAgain() throws {
        var machine = try machine()
        let name = try TaskName("a")
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([empty(.onSignal)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([.signal(.due(name, in: .milliseconds(600)))], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([.signal(.availableHere(name))], now: Fixtures.at(0.1), jitter: 0)
        _ = machine.handle([empty(.after(.seconds(60)))], now: Fixtures.at(0.1), jitter: 0)
        #expect(machine.handle([.timer], now: Fixtures.at(0.6), jitter: 0) == [.claim(definition: 0, count: 4)])
    }

    @Test func signalDuringAClaimLeadsToAnotherClaim() throws {
        var machine = try machine()
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        let name = try TaskName("a")
        #expect(machine.handle([.signal(.available(name))], now: Fixtures.at(0), jitter: 0) == [])
        #expect(machine.handle([empty(.onSignal)], now: Fixtures.at(0), jitter: 0) == [.claim(definition: 0, count: 4)])
    }

    @Test func dueSignalDuringAClaimIsNotOverwrittenByItsAnswer() throws {
        var machine = try machine()
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        let due = DispatcherEvent.signal(.due(try TaskName("a"), in: .seconds(1)))
        _ = machine.handle([due], now: Fixtures.at(0), jitter: 0)
        let actions = machine.handle([empty(.after(.seconds(60)))], now: Fixtures.at(0), jitter: 0)
        #expect(actions == [] || actions == [.setTimer(Fixtures.at(1))])
        #expect(machine.handle([.timer], now: Fixtures.at(1), jitter: 0) == [.claim(definition: 0, count: 4)])
    }

    @Test func nextDueTimeArmsTheTimer() throws {
        var machine = try machine()
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        let armed = machine.handle([empty(.after(.seconds(3)))], now: Fixtures.at(0), jitter: 0)
        #expect(armed == [.setTimer(Fixtures.at(3))])
        #expect(machine.handle([.timer], now: Fixtures.at(3), jitter: 0) == [.claim(definition: 0, count: 4)])
    }

    @Test func failedClaimIsRearmed() throws {
        var machine = try machine()
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        let failed = DispatcherEvent.claimReturned(definition: 0, requested: 4, sentAt: Fixtures.at(0), nil)
        #expect(machine.handle([failed], now: Fixtures.at(0), jitter: 1) == [.setTimer(Fixtures.at(0.05))])
        #expect(machine.handle([.timer], now: Fixtures.at(0.05), jitter: 1) == [.claim(definition: 0, count: 4)])
        #expect(machine.handle([failed], now: Fixtures.at(1), jitter: 1) == [.setTimer(Fixtures.at(1.1))])
    }

    @Test func claimsOnlyWhatFreeSlotsCanTake() throws {
        var machine = try machine(slots: 2)
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        let started = machine.handle([try claimed(["x", "y"], next: .now)], now: Fixtures.at(0), jitter: 0)
        #expect(started.filter { if case .start = $0 { true } else { false } }.count == 2)
        #expect(!started.contains { if case .store(.claim) = $0 { true } else { false } })
        let ended = machine.handle([.workerEnded(slot(1), try finish("x"))], now: Fixtures.at(1), jitter: 0)
        guard case .store(.finish) = ended.first else {
            Issue.record("no finish: \(ended)")
            return
        }
        #expect(ended.dropFirst() == [.claim(definition: 0, count: 1)], "the report and the next claim go out together")
    }

    @Test func reportsGatherBehindThoseThatAreUnderWay() throws {
        var machine = try machine(slots: 8)
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([try claimed(["s", "t", "u", "v"])], now: Fixtures.at(0), jitter: 0)
        #expect(machine.endsBeforeWakeUp == 1)
        for (number, id) in [(UInt64(1), "s"), (2, "t")] {
            let ended = machine.handle([.workerEnded(slot(number), try finish(id))], now: Fixtures.at(0), jitter: 0)
            #expect(ended.count == 1)
        }
        #expect(machine.endsBeforeWakeUp == 8, "others can wait for an answer")
        for (number, id) in [(UInt64(3), "u"), (4, "v")] {
            let ended = machine.handle([.workerEnded(slot(number), try finish(id))], now: Fixtures.at(0), jitter: 0)
            #expect(ended == [])
        }
        let answered = DispatcherEvent.reportsReturned([slot(1)], .outcomes([.done]))
        let actions = machine.handle([answered], now: Fixtures.at(0), jitter: 0)
        guard case .store(.finish(_, let slots, _)) = actions.last else {
            Issue.record("no finish: \(actions)")
            return
        }
        #expect(slots == [slot(3), slot(4)])
    }

    @Test func aFullWorkerKeepsSeveralClaimsUnderWayWhileTasksWait() throws {
        var machine = try machine(slots: 96)
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        let ids = (0..<96).map { "t\($0)" }
        _ = machine.handle([try claimed(ids, next: .now)], now: Fixtures.at(0), jitter: 0)
        var claims: [Int] = []
        var next = 0
        // No answer comes; each time half as many workers end as reports are under way, and at least eight.
        for count in [8, 8, 8, 12, 18] {
            let ends = try (next..<next + count).map { index -> DispatcherEvent in
                .workerEnded(slot(UInt64(index + 1)), try finish(ids[index]))
            }
            next += count
            let actions = machine.handle(ends, now: Fixtures.at(0), jitter: 0)
            for case .store(.claim(_, let count)) in actions { claims.append(count) }
        }
        #expect(claims == [8, 8, 8, 12, 18])
    }

    @Test func reportsThatCannotBeDeliveredDoNotPileUp() throws {
        var machine = try machine(slots: 2)
        var number: UInt64 = 0
        var claims = 0
        var event = DispatcherEvent.signal(.checkEverything)
        for _ in 0..<10 {
            guard machine.handle([event], now: Fixtures.at(0), jitter: 0).contains(.claim(definition: 0, count: 2))
            else { break }
            claims += 1
            _ = machine.handle([try claimed(["x", "y"], next: .now)], now: Fixtures.at(0), jitter: 0)
            number += 2
            _ = machine.handle([.workerEnded(slot(number), try finish("y"))], now: Fixtures.at(0), jitter: 0)
            event = .workerEnded(slot(number - 1), try finish("x"))
        }
        #expect(claims <= 3, "at most twice as many tasks as slots are held")
    }

    @Test func reportsOfOneTurnGoOutInOneCall() throws {
        var machine = try machine()
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([try claimed(["x", "y", "z"])], now: Fixtures.at(0), jitter: 0)
        let events: [DispatcherEvent] = [
            .workerEnded(slot(1), try finish("x")), .workerEnded(slot(2), try finish("y")),
            .workerEnded(slot(3), try finish("z")),
        ]
        let actions = machine.handle(events, now: Fixtures.at(1), jitter: 0)
        #expect(actions.count == 1)
        guard case .store(.finish(_, let slots, let requests)) = actions.first else {
            Issue.record("no finish: \(actions)")
            return
        }
        #expect(slots == [slot(1), slot(2), slot(3)])
        #expect(requests.map(\.lease.id.rawValue) == ["x", "y", "z"])
    }

    @Test func freeSlotsAreSharedBetweenDefinitions() throws {
        var machine = try machine(["a", "b", "c"], slots: 6)
        let first = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        #expect(
            first == [
                .claim(definition: 0, count: 2), .claim(definition: 1, count: 2), .claim(definition: 2, count: 2),
            ]
        )
    }

    @Test func aHotDefinitionDoesNotStarveAQuietOne() throws {
        var machine = try machine(["a", "b"], slots: 1)
        #expect(
            machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0) == [
                .claim(definition: 0, count: 1)
            ]
        )
        _ = machine.handle([try claimed(["x"], next: .now)], now: Fixtures.at(0), jitter: 0)
        let next = machine.handle([.workerEnded(slot(1), try finish("x"))], now: Fixtures.at(0), jitter: 0)
        #expect(next.contains(.claim(definition: 1, count: 1)), "it is the other one's turn")
    }

    @Test("A definition that is known to have a task does not wait until a worker of many has looked at all others")
    func signsComeFirst() throws {
        var machine = try machine(["a", "b", "c", "d", "e", "f"], slots: 1)
        var order: [Int] = []
        func note(_ actions: [DispatcherAction]) {
            for case .store(.claim(let definition, _)) in actions { order.append(definition) }
        }
        let signs: [DispatcherEvent] = try ["d", "e"].map { .signal(.available(try Fixtures.name($0))) }
        note(machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0))
        note(machine.handle(signs, now: Fixtures.at(0), jitter: 0))
        while let last = order.last {
            let answer = DispatcherEvent.claimReturned(
                definition: last,
                requested: 1,
                sentAt: Fixtures.at(0),
                .unavailable(.onSignal)
            )
            let before = order.count
            note(machine.handle([answer], now: Fixtures.at(0), jitter: 0))
            if order.count == before { break }
        }
        #expect(order == [0, 3, 1, 4, 2, 5])
    }

    @Test func renewalsOfAllLeasesAreOneCall() throws {
        var machine = try machine()
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        let started = machine.handle([try claimed(["x", "y"])], now: Fixtures.at(0), jitter: 0)
        #expect(started.contains(.setTimer(Fixtures.at(2))))
        let renewals = machine.handle([.timer], now: Fixtures.at(2), jitter: 0)
        guard case .store(.renew(_, let slots, _)) = renewals.first else {
            Issue.record("no renewal: \(renewals)")
            return
        }
        #expect(slots == [slot(1), slot(2)])
        let answered = DispatcherEvent.renewalsReturned(slots, sentAt: Fixtures.at(2), [.done, .leaseLost])
        let actions = machine.handle([answered], now: Fixtures.at(2), jitter: 0)
        #expect(actions.contains(.extended(slot(1), deadline: Fixtures.at(8))))
        #expect(actions.contains(.cancelWorker(slot(2))))
    }

    @Test func exhaustedTaskGoesToTheDeadLettersWithoutAWorker() throws {
        var machine = try machine()
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        let task = try Fixtures.task("x", name: "a", attempt: 6)
        let event = DispatcherEvent.claimReturned(
            definition: 0,
            requested: 4,
            sentAt: Fixtures.at(0),
            .claimed([task], next: .onSignal)
        )
        let actions = machine.handle([event], now: Fixtures.at(0), jitter: 0)
        guard case .store(.fail(_, _, let requests)) = actions.first else {
            Issue.record("no failure: \(actions)")
            return
        }
        #expect(requests.first?.disposition == .dead)
    }

    @Test func singletonIsClaimedOneAtATime() throws {
        var machine = try machine(kind: .singleton, slots: 8)
        #expect(
            machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0) == [
                .claim(definition: 0, count: 1)
            ]
        )
        let leased = DispatcherEvent.claimReturned(
            definition: 0,
            requested: 1,
            sentAt: Fixtures.at(0),
            .leased(for: .seconds(4))
        )
        #expect(machine.handle([leased], now: Fixtures.at(0), jitter: 0) == [.setTimer(Fixtures.at(4))])
    }
}
