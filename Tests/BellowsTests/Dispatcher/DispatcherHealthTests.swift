import Testing

@testable import Bellows
@testable import BellowsTesting

/// A worker is ready while its claims are answered and signals come through.
@Suite(.timeLimit(.minutes(1))) struct DispatcherHealthTests: DispatcherMachineTesting {
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
        while await dispatcher.health().phase == .running { await Task.yield() }
        #expect(await dispatcher.health().phase == .draining)
        gate.record(1)
        try await running.wait()
        #expect(await dispatcher.health().phase == .stopped)
    }
}
