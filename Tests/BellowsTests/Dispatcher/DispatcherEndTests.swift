import Testing

@testable import Bellows

/// How the dispatcher ends, and what becomes of leases that are lost.
@Suite struct DispatcherEndTests: DispatcherMachineTesting {
    @Test func drainWaitsThenCancelsThenReleasesThenEnds() throws {
        var machine = try machine()
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([try claimed(["x"])], now: Fixtures.at(0), jitter: 0)
        let drained = machine.handle([.drain], now: Fixtures.at(1), jitter: 0)
        #expect(drained.contains(.announceShutdown))
        let wake = DispatcherEvent.signal(.available(try TaskName("a")))
        #expect(machine.handle([wake], now: Fixtures.at(1), jitter: 0) == [], "no claims while draining")
        _ = machine.handle([.timer], now: Fixtures.at(2), jitter: 0)
        _ = machine.handle(
            [.renewalsReturned([slot(1)], sentAt: Fixtures.at(10), [.done])],
            now: Fixtures.at(10),
            jitter: 0
        )
        let stopped = machine.handle([.timer], now: Fixtures.at(11), jitter: 0)
        #expect(stopped.contains(.cancelWorker(slot(1), .shutdown)))
        let abandoned = machine.handle([.timer], now: Fixtures.at(12), jitter: 0)
        #expect(abandoned.contains { if case .store(.release) = $0 { true } else { false } })
        let ended = machine.handle([.reportsReturned([slot(1)], .outcomes([.done]))], now: Fixtures.at(12), jitter: 0)
        #expect(ended.last == .end)
    }

    @Test("Where a store answers for less than it was asked, no slot stays taken for ever")
    func shortAnswers() throws {
        var machine = try machine(slots: 2)
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([try claimed(["x", "y"])], now: Fixtures.at(0), jitter: 0)
        let ends: [DispatcherEvent] = [
            .workerEnded(slot(1), try finish("x")), .workerEnded(slot(2), try finish("y")),
        ]
        _ = machine.handle(ends, now: Fixtures.at(1), jitter: 0)
        let answer = DispatcherEvent.reportsReturned([slot(1), slot(2)], .outcomes([.done]))
        let actions = machine.handle([answer], now: Fixtures.at(1), jitter: 0)
        #expect(actions.contains(.retired(slot(1), .reported, try Fixtures.task("x", name: "a").lease)))
        #expect(actions.contains(.retired(slot(2), .leaseLost, try Fixtures.task("y", name: "a").lease)))
    }

    @Test("A handler that goes on after its lease was lost is told of, counted, and keeps its slot")
    func overrun() throws {
        let lease = try Fixtures.task("x", name: "a").lease
        var machine = try machine(slots: 1)
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([try claimed(["x"])], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([.timer], now: Fixtures.at(2), jitter: 0)
        let refused = DispatcherEvent.renewalsReturned([slot(1)], sentAt: Fixtures.at(2), [.leaseLost])
        #expect(machine.handle([refused], now: Fixtures.at(2), jitter: 0).contains(.cancelWorker(slot(1))))
        #expect(machine.handle([.timer], now: Fixtures.at(6), jitter: 0).allSatisfy { $0 != .overrun(slot(1), lease) })
        #expect(machine.vitals.overrunningTasks == 0)
        #expect(machine.handle([.timer], now: Fixtures.at(7), jitter: 0).contains(.overrun(slot(1), lease)))
        #expect(machine.vitals.overrunningTasks == 1)
        #expect(machine.vitals.runningTasks == 1)
        let wake = DispatcherEvent.signal(.available(try TaskName("a")))
        let actions = machine.handle([wake], now: Fixtures.at(8), jitter: 0)
        #expect(!actions.contains { if case .store(.claim) = $0 { true } else { false } }, "no slot is free")
        _ = machine.handle([.workerEnded(slot(1), try finish("x"))], now: Fixtures.at(9), jitter: 0)
        #expect(machine.vitals.overrunningTasks == 0)
    }

    @Test("A handler that has ended is no longer counted, while its report is on its way")
    func endedOverrun() throws {
        var machine = try machine(slots: 1)
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([try claimed(["x"])], now: Fixtures.at(0), jitter: 0)
        // No renewal is answered.
        #expect(machine.handle([.timer], now: Fixtures.at(6), jitter: 0).contains(.cancelWorker(slot(1))))
        _ = machine.handle([.timer], now: Fixtures.at(11), jitter: 0)
        #expect(machine.vitals.overrunningTasks == 1)
        let actions = machine.handle([.workerEnded(slot(1), try finish("x"))], now: Fixtures.at(12), jitter: 0)
        #expect(actions.contains { if case .store(.finish) = $0 { true } else { false } }, "it is offered all the same")
        #expect(machine.vitals.overrunningTasks == 0)
        #expect(machine.vitals.runningTasks == 0)
    }

    @Test func drainOfAnIdleMachineEndsAtOnce() throws {
        var machine = try machine()
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([empty(.onSignal)], now: Fixtures.at(0), jitter: 0)
        #expect(machine.handle([.drain], now: Fixtures.at(0), jitter: 0).last == .end)
    }

    @Test func taskClaimedWhileStoppingIsReleased() throws {
        var machine = try machine()
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        let stopped = machine.handle([.stop], now: Fixtures.at(0), jitter: 0)
        #expect(!stopped.contains(.end), "the claim under way is waited for")
        let actions = machine.handle([try claimed(["x"])], now: Fixtures.at(0.1), jitter: 0)
        #expect(actions.contains { if case .store(.release) = $0 { true } else { false } })
        let ended = machine.handle([.reportsReturned([slot(1)], .outcomes([.done]))], now: Fixtures.at(0.2), jitter: 0)
        #expect(ended.last == .end)
    }

    @Test func taskWhoseClaimWasAnsweredTooLateIsGivenBack() throws {
        var machine = try machine()
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        let actions = machine.handle([try claimed(["x"])], now: Fixtures.at(6), jitter: 0)
        #expect(actions.contains { if case .store(.release) = $0 { true } else { false } })
        #expect(!actions.contains { if case .start = $0 { true } else { false } })
    }

    @Test func storeThatDoesNotAnswerCannotHoldUpTheEnd() throws {
        var machine = try machine()
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([try claimed(["x"])], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([.stop], now: Fixtures.at(1), jitter: 0)
        _ = machine.handle([.timer], now: Fixtures.at(1.5), jitter: 0)
        let ended = machine.handle([.timer], now: Fixtures.at(2), jitter: 0)
        #expect(ended.last == .end)
    }
}
