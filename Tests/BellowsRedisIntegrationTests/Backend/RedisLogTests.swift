import Bellows
import BellowsRedis
import BellowsTesting
import InMemoryLogging
import Logging
import RedisFixture
import TestTurns
import Testing

/// What the log says, and what it never says.
@Suite(.turn) struct RedisLogTests {
    private enum Letter: TaskDefinition {
        static let name = "log.letter"
        typealias Trigger = PublishTrigger<[String: Int]>
    }

    /// A logger that takes everything, and what it was given.
    private func makeLogger() -> (Logger, InMemoryLogHandler) {
        var handler = InMemoryLogHandler()
        handler.logLevel = .trace
        return (Logger(label: "test", factory: { [handler] _ in handler }), handler)
    }

    @Test("A server without an append-only file and with another clock is told of, once")
    func warnsOfTheServer() async throws {
        let clock = try ClockShim()
        try clock.step(to: 120)
        let server = try RedisServer.start(environment: clock.environment)
        defer { server.stop() }
        let (logger, handler) = makeLogger()
        let backend = try await RedisBackend.connect(.patient(server.url), logger: logger)
        defer { backend.close() }
        // Another connection says nothing new.
        try RedisProbe(port: server.port).command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        let request = PublishRequest(payload: [], options: PublishOptions(id: TaskID()))
        try await FixtureWait.until("a publish goes through") {
            (try? await backend.publish([request], to: TaskName("log"))) != nil
        }
        let warnings = handler.entries.filter { $0.level == .warning }.map { "\($0.message)" }
        #expect(warnings.count { $0.contains("append-only file") } == 1)
        #expect(warnings.count { $0.contains("the clocks of Redis and of this host differ") } == 1)
    }

    @Test("A server that is as it should be is not told of")
    func isSilentAboutAGoodServer() async throws {
        let server = try RedisServer.start(arguments: ["--appendonly", "yes"])
        defer { server.stop() }
        let (logger, handler) = makeLogger()
        let backend = try await RedisBackend.connect(.patient(server.url), logger: logger)
        _ = try await backend.publish([PublishRequest(payload: [])], to: TaskName("log"))
        backend.close()
        #expect(handler.entries.filter { $0.level >= .warning }.isEmpty)
    }

    @Test("Payloads and results are never logged, whatever becomes of the task")
    func hidesPayloads() async throws {
        let server = try RedisServer.start(arguments: ["--appendonly", "yes"])
        defer { server.stop() }
        let (logger, handler) = makeLogger()
        let backend = try await RedisBackend.connect(.patient(server.url), logger: logger)
        defer { backend.close() }
        let letters = TaskHandler.on(Letter.self) { letter, _ in
            guard letter["SECRET-good"] != nil else { throw TaskFailure.dead(reason: "no") }
        }
        let running = WorkerDispatcher(backend, handlers: letters, logger: logger).launch()
        let name = try TaskName(Letter.name)
        for text in [#"{"SECRET-good":1}"#, #"{"SECRET-bad":1}"#, #"{"SECRET-type":"SECRET"}"#, "SECRET{", "[SECRET"] {
            _ = try await backend.publish([PublishRequest(payload: Array(text.utf8))], to: name)
        }
        try await FixtureWait.until("no task is left") { try await backend.statistics(of: name).isEmpty }
        try await running.drain()
        let statistics = try await backend.statistics(of: name)
        #expect(statistics.finishedTotal == 1 && statistics.dead == 4)
        for entry in handler.entries {
            #expect(!"\(entry.message) \(entry.metadata)".contains("SECRET"), "\(entry)")
        }
    }
}
