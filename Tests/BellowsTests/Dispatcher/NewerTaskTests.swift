import BellowsTesting
import TestTurns
import Testing

@testable import Bellows

/// Tasks that a newer version wrote come by, and a dispatcher that does not know them gives them back.
@Suite(.turn) struct NewerTaskTests: DispatcherMachineTesting {
    @Test("They are given back for 5 s, take no slot, are counted, and somebody is told once")
    func machine() throws {
        var machine = try machine(slots: 2)
        _ = machine.handle([.signal(.checkEverything)], now: Fixtures.at(0), jitter: 0)
        let newer = try ["x", "y"].map { try Fixtures.task($0, name: "a", newer: "its key") }
        let known = try Fixtures.task("z", name: "a")
        let event = DispatcherEvent.claimReturned(
            definition: 0,
            requested: 2,
            sentAt: Fixtures.at(0),
            .claimed([newer[0], newer[1], known], next: .onSignal)
        )
        let actions = machine.handle([event], now: Fixtures.at(0), jitter: 0)
        let leases = newer.map(\.lease)
        #expect(actions.contains(.release(try TaskName("a"), [slot(1), slot(2)], leases, after: .seconds(5))))
        #expect(actions.contains(.warnOfNewer(leases[0], reason: "its key", count: 1)))
        #expect(actions.count { if case .warnOfNewer = $0 { true } else { false } } == 1)
        #expect(actions.contains { if case .start(slot(3), known, _, _) = $0 { true } else { false } })
        #expect(machine.vitals.runningTasks == 1)
        #expect(machine.vitals.newerTasksGivenBack == 2)
        let health = DispatcherHealth(machine.vitals, now: Fixtures.at(0), signalsMissingFor: nil)
        #expect(health.newerTasksGivenBack == 2)
    }

    @Test("A fleet of older versions takes such a task once a minute, and what it knows runs meanwhile")
    func settles() async throws {
        let time = ManualTimeSource()
        let backend = InMemoryBackend(timeSource: time)
        let name = try TaskName("test.newer")
        let (runs, looks) = (EventProbe<TaskID>(), EventProbe<Void>())
        let handler = TaskHandler(name: name) { _, context in
            runs.record(context.id)
            return []
        }
        let dispatcher = WorkerDispatcher(
            CountingBackend(wrapped: backend, looks: looks),
            handlers: handler,
            configuration: DispatcherConfiguration(maximumConcurrentTasks: 1)
        )
        let running = dispatcher.launch()
        let start = time.now
        backend.plant([1, 16, 2, 9], as: TaskID(), in: name)
        let known = try await backend.publish([PublishRequest(payload: [])], to: name)[0].id
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await looks.wait(forCount: 10, of: "times that it was given back") }
            group.addTask { while await time.moveToNextTimer(notAfter: start + .seconds(3600)) {} }
            try await group.next()
            group.cancelAll()
        }
        // 5, 10, 20 and 40 seconds, then once a minute.
        #expect(time.now - start >= .seconds(5 + 10 + 20 + 40 + 5 * 60))
        #expect(runs.events == [known])
        #expect(await dispatcher.health().newerTasksGivenBack >= 10)
        try await running.drain()
        #expect(try await backend.statistics(of: name).dead == 0)
    }
}

/// Tells how often tasks are given back for a while.
private struct CountingBackend: ForwardingBackend {
    let wrapped: any Backend
    let looks: EventProbe<Void>

    func release(
        _ leases: [Lease],
        in name: TaskName,
        after delay: Duration
    ) async throws(BellowsError) -> [LeaseOutcome] {
        let outcomes = try await wrapped.release(leases, in: name, after: delay)
        if delay > .zero { looks.record(()) }
        return outcomes
    }
}
