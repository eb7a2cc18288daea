import TestTurns
import Testing

@testable import Bellows
@testable import BellowsTesting

/// A worker is ready while its claims are answered and signals come through.
@Suite(.turn) struct DispatcherHealthTests: DispatcherMachineTesting {
    private let start = MonotonicInstant(ContinuousClock.now)

    private func health(_ change: (inout DispatcherVitals) -> Void, signals: Duration? = nil) -> DispatcherHealth {
        var vitals = DispatcherVitals(phase: .running)
        change(&vitals)
        return DispatcherHealth(vitals, now: start, signalsMissingFor: signals)
    }

    @Test func readiness() {
        #expect(health { _ in }.isReady)
        #expect(health { $0.runningTasks = 99 }.isReady)
        #expect(health { $0.unansweredSince = start + .seconds(-9) }.isReady)
        #expect(!health { $0.unansweredSince = start + .seconds(-10) }.isReady)
        #expect(health({ _ in }, signals: .seconds(9)).isReady)
        #expect(!health({ _ in }, signals: .seconds(10)).isReady)
        for phase in [DispatcherHealth.Phase.stopped, .starting, .draining] {
            #expect(!health { $0.phase = phase }.isReady)
        }
    }

    @Test("Claims that fail leave the schedule unanswered until one succeeds")
    func schedule() {
        var schedule = ClaimSchedule()
        #expect(schedule.unansweredSince == nil && !schedule.hasBeenAnswered)
        schedule.claimSent(start)
        schedule.claimFailed(start + .seconds(1), jitter: 0)
        schedule.claimSent(start + .seconds(2))
        #expect(schedule.unansweredSince == start)
        schedule.claimAnswered(.onSignal, start + .seconds(3))
        #expect(schedule.unansweredSince == nil && schedule.hasBeenAnswered)
    }

    @Test("What failed during an outage does not count against a worker whose only slot is taken since")
    func fullWorker() throws {
        var machine = try machine(["a", "b"], slots: 1)
        func failed(_ definition: Int) -> DispatcherEvent {
            .claimReturned(definition: definition, requested: 1, sentAt: Fixtures.at(0), nil)
        }
        let first = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        #expect(first == [.claim(definition: 0, count: 1)])
        #expect(machine.handle([failed(0)], now: Fixtures.at(1), jitter: 0).contains(.claim(definition: 1, count: 1)))
        _ = machine.handle([failed(1)], now: Fixtures.at(2), jitter: 0)
        let again = machine.handle([.timer], now: Fixtures.at(3), jitter: 0)
        let taken = again.contains(.claim(definition: 0, count: 1)) ? 0 : 1
        #expect(machine.vitals.unansweredSince == Fixtures.at(0))
        let task = try claimed(["x"], name: ["a", "b"][taken], definition: taken, at: 3)
        _ = machine.handle([task], now: Fixtures.at(3), jitter: 0)
        #expect(machine.vitals.runningTasks == 1)
        #expect(machine.vitals.unansweredSince == nil)
    }

    @Test("While the pool of threads is silent leases end by themselves, and nothing is claimed")
    func silentPool() throws {
        var machine = try machine(slots: 2)
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([try claimed(["x"], next: .now)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([empty(.after(.seconds(1)))], now: Fixtures.at(0), jitter: 0)
        #expect(machine.holdsLeases && !machine.vitals.isPoolSilent)
        _ = machine.handle([.poolChanged(.fellSilent)], now: Fixtures.at(0), jitter: 0)
        #expect(machine.vitals.isPoolSilent)
        for tenth in 1..<60 {
            let actions = machine.handle([.timer], now: Fixtures.at(Double(tenth) / 10), jitter: 0)
            // A wake-up that this process cannot use may be handed on.
            let isQuiet = actions.allSatisfy {
                switch $0 {
                case .setTimer, .store(.forwardWakeUp): true
                default: false
                }
            }
            #expect(isQuiet, "\(actions)")
        }
        let atTheEnd = machine.handle([.timer], now: Fixtures.at(6), jitter: 0)
        #expect(atTheEnd.contains(.cancelWorker(slot(1))))
        let back = machine.handle([.poolChanged(.cameBack)], now: Fixtures.at(7), jitter: 0)
        #expect(back.contains(.claim(definition: 0, count: 1)))
        #expect(!machine.vitals.isPoolSilent)
        #expect(!health { $0.isPoolSilent = true }.isLive && !health { $0.isPoolSilent = true }.isReady)
    }

    @Test("Renewals go on as soon as the pool comes back in time")
    func poolComesBack() throws {
        var machine = try machine(slots: 1)
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([try claimed(["x"])], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([.poolChanged(.fellSilent)], now: Fixtures.at(1), jitter: 0)
        #expect(
            !machine.handle([.timer], now: Fixtures.at(2), jitter: 0).contains {
                if case .store(.renew) = $0 { true } else { false }
            }
        )
        _ = machine.handle([.poolChanged(.cameBack)], now: Fixtures.at(2.1), jitter: 0)
        #expect(
            machine.handle([.timer], now: Fixtures.at(2.4), jitter: 0).contains {
                if case .store(.renew) = $0 { true } else { false }
            }
        )
    }

    @Test("A worker that gives its task back leaves it to others for a moment")
    func givesBack() throws {
        var machine = try machine(slots: 1)
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        _ = machine.handle([try claimed(["x"], next: .now)], now: Fixtures.at(0), jitter: 0)
        let lease = try Fixtures.task("x", name: "a").lease
        let ended = machine.handle([.workerEnded(slot(1), .release(lease))], now: Fixtures.at(1), jitter: 0)
        #expect(ended.contains(where: { if case .store(.release) = $0 { true } else { false } }))
        #expect(!ended.contains(where: { if case .store(.claim) = $0 { true } else { false } }))
        let name = try TaskName("a")
        let chosen = machine.handle([.signal(.availableHere(name))], now: Fixtures.at(1.5), jitter: 0)
        #expect(chosen == [.forwardWakeUp(name)])
        let reported = machine.handle(
            [.reportsReturned([slot(1)], .outcomes([.done]))],
            now: Fixtures.at(1.6),
            jitter: 0
        )
        #expect(!reported.contains(where: { if case .store(.claim) = $0 { true } else { false } }))
        #expect(machine.handle([.timer], now: Fixtures.at(2), jitter: 0).contains(.claim(definition: 0, count: 1)))
    }

    @Test func countsTheDead() throws {
        var machine = try machine(slots: 1)
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        for (number, outcome) in [LeaseOutcome.done, .leaseLost].enumerated() {
            _ = machine.handle([try claimed(["x"], next: .now)], now: Fixtures.at(0), jitter: 0)
            let id = slot(UInt64(number + 1))
            let lease = try Fixtures.task("x", name: "a").lease
            let report = AttemptReport.fail(FailRequest(lease: lease, disposition: .dead, error: "no"))
            _ = machine.handle([.workerEnded(id, report)], now: Fixtures.at(1), jitter: 0)
            _ = machine.handle([.reportsReturned([id], .outcomes([outcome]))], now: Fixtures.at(1), jitter: 0)
        }
        #expect(machine.vitals.buriedTasks == 1)
    }

    @Test func phases() async throws {
        let name = try TaskName("test.task")
        let gate = EventProbe<Int>()
        let started = EventProbe<Int>()
        let backend = InMemoryBackend()
        let dispatcher = WorkerDispatcher(
            backend,
            handlers: TaskHandler(name: name) { _, _ in
                started.record(1)
                try await gate.wait(forCount: 1)
                return []
            }
        )
        #expect(await dispatcher.health().phase == .stopped)
        let running = dispatcher.launch()
        _ = try await backend.publish([PublishRequest(payload: [])], to: name)
        try await started.wait(forCount: 1)
        let busy = await dispatcher.health()
        #expect(busy.phase == .running && busy.isReady)
        #expect(busy.runningTasks == 1)
        dispatcher.beginDrain()
        while await dispatcher.health().phase == .running {
            try Task.checkCancellation()
            await Task.yield()
        }
        #expect(await dispatcher.health().phase == .draining)
        gate.record(1)
        try await running.wait()
        #expect(await dispatcher.health().phase == .stopped)
    }
}
