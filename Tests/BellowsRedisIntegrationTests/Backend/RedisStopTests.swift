import Bellows
import BellowsRedis
import BellowsTesting
import RedisFixture
import TestTurns
import Testing

/// Dispatchers that stop at a bad moment: each attempt has one end, and nothing waits for a server that does not answer.
@Suite(.turn) struct RedisStopTests {
    private enum Trouble: CaseIterable {
        case dead, hanging
    }

    @Test("A drain ends soon after its grace, also when Redis is gone or hangs", arguments: Trouble.allCases)
    private func drainsWithoutRedis(_ trouble: Trouble) async throws {
        let server = try RedisServer.start(arguments: RedisServer.durableOptions)
        defer { server.stop() }
        let backend = try await RedisBackend.connect(.patient(server.url))
        defer { backend.close() }
        let name = try TaskName("stop")
        let started = EventProbe<Int>()
        let handler = TaskHandler(name: name) { _, context in
            started.record(context.attempt)
            try await Task.sleep(for: .seconds(3600))
            return []
        }
        let configuration = DispatcherConfiguration(
            lease: LeasePolicy(duration: .seconds(1)),
            shutdownGrace: .milliseconds(100)
        )
        let running = WorkerDispatcher(backend, handlers: handler, configuration: configuration).launch()
        _ = try await backend.publish([PublishRequest(payload: [])], to: name)
        try await started.wait(forCount: 1)
        if trouble == .dead { server.kill() } else { server.suspend() }
        let begin = ContinuousClock.now
        try await running.drain()
        // Grace and two seconds on a machine that does nothing else; see `bellows-bench hang`.
        #expect(ContinuousClock.now - begin < MachineLoad.stretched(.seconds(30)))
        if trouble == .dead { try server.restart() } else { server.resume() }
        // Nobody could give it back, so it comes when its lease has ended.
        let heir = WorkerDispatcher(backend, handlers: handler, configuration: configuration).launch()
        try await started.wait(forCount: 2)
        heir.cancel()
    }

    @Test("A stop while a claim is under way runs the task or gives it back, without counting the attempt")
    func stopsDuringAClaim() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let proxy = try FaultProxy(forwardingTo: server.port)
        let straight = try await RedisBackend.connect(.patient(server.url))
        let backend = try await RedisBackend.connect(.patient(proxy.url))
        defer {
            straight.close()
            backend.close()
        }
        let name = try TaskName("stop")
        let runs = EventProbe<Int>()
        let handler = TaskHandler(name: name) { _, context in
            runs.record(context.attempt)
            return []
        }
        // A busy machine needs more than the usual grace for the way there and back.
        let configuration = DispatcherConfiguration(shutdownGrace: .seconds(300))
        let dispatcher = WorkerDispatcher(backend, handlers: handler, configuration: configuration)
        let running = dispatcher.launch()
        try await FixtureWait.until("the dispatcher is ready") { await dispatcher.health().isReady }
        proxy.delay(.milliseconds(700))
        _ = try await straight.publish([PublishRequest(payload: [])], to: name)
        // Redis has handed it out, and the answer is on its way.
        try await FixtureWait.until("the task is leased") { try await straight.statistics(of: name).leased > 0 }
        try await running.drain()
        let statistics = try await straight.statistics(of: name)
        #expect(statistics.leased == 0)
        #expect(statistics.ready + statistics.delayed + statistics.finishedTotal == 1)
        #expect(statistics.finishedTotal == runs.events.count)
        if statistics.finishedTotal == 0 {
            let request = ClaimRequest(name: name, selection: .earliest(1), lease: .seconds(60))
            guard case .claimed(let tasks, _) = try await straight.claim(request) else {
                Issue.record("it was not given back")
                return
            }
            #expect(tasks.map(\.attempt) == [1])
        }
    }
}
