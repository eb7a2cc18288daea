import Bellows
import BellowsRedis
import BellowsTesting
import RedisFixture
import TestTurns
import Testing

/// Wake-ups that go to a process which does nothing with them.
@Suite(.turn) struct RedisWakeUpTests {
    /// A process that waits for tasks, is told of them, and never claims: as one that was stopped, or killed just then.
    private static func ghost(_ name: TaskName, _ server: RedisServer) throws -> RedisProbe {
        let process = "ghost\(UInt32.random(in: .min ... .max))"
        let listener = try RedisProbe(port: server.port)
        try listener.command("SUBSCRIBE", "bellows:2:inbox:\(process)")
        try RedisProbe(port: server.port).command("ZADD", "bellows:2:{\(name)}:waiting", "9000000000000", process)
        return listener
    }

    @Test("A woken process that does not claim holds a task up for less than a second while another waits")
    func secondLook() async throws {
        let server = try RedisServer.shared.get()
        let backend = try await RedisBackend.connect(.patient(server.url))
        let name = try TaskName("wake-up.\(UInt32.random(in: .min ... .max))")
        let started = EventProbe<ContinuousClock.Instant>()
        let handler = TaskHandler(name: name) { _, _ in
            started.record(.now)
            return []
        }
        let running = WorkerDispatcher(backend, handlers: [handler]).launch()
        // The dispatcher waits as soon as it has served one task and found no other.
        _ = try await backend.publish([PublishRequest(payload: [0])], to: name)
        try await started.wait(forCount: 1)
        let state = try RedisProbe(port: server.port)
        try await FixtureWait.until("the dispatcher waits") {
            try state.command("ZCARD", "bellows:2:{\(name)}:waiting").text == "1"
        }
        for round in 1...3 {
            let ghost = try Self.ghost(name, server)
            let begun = ContinuousClock.now
            _ = try await backend.publish([PublishRequest(payload: [1])], to: name)
            #expect(try ghost.next().line.hasPrefix("[message bellows:2:inbox:ghost"))
            let starts = try await started.wait(forCount: 1 + round)
            // The sweep that would find it in any case comes after 25 seconds.
            #expect((starts.last ?? begun) - begun < .seconds(20))
        }
        try await running.drain()
        backend.close()
    }
}
