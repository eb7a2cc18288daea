import Bellows
import BellowsRedis
import BellowsTesting
import Foundation
import InMemoryLogging
import Logging
import RedisFixture
import Synchronization
import TestTurns
import Testing

/// A server that is there and refuses, or does not answer for a while: work goes on by itself when that is over.
@Suite(.turn) struct RedisMoodTests {
    enum Mood: String, CaseIterable {
        /// A script of somebody else runs for more than a second: BUSY.
        case busy
        /// CLIENT PAUSE, for most of the time that a call has.
        case paused
        /// The user may do nothing: NOPERM.
        case forbidden
        /// It is made a replica: READONLY.
        case replica
        /// Too few replicas: NOREPLICAS.
        case lonely
        /// It restarts, and takes a second to load its data: LOADING.
        case loading
        /// It does nothing for a while: DEBUG SLEEP.
        case asleep
        /// A snapshot failed: MISCONF.
        case unsaved
    }

    @Test("Work goes on when it is over, and nothing is lost or runs without need", arguments: Mood.allCases)
    func goesOn(_ mood: Mood) async throws {
        let settings = [
            "--lua-time-limit", "20", "--key-load-delay", "400", "--save", "3600", "1",
            "--user", "moody", "on", ">p", "allkeys", "allchannels", "+@all",
        ]
        let server = try RedisServer.start(arguments: RedisServer.debugOptions + RedisServer.durableOptions + settings)
        defer { server.stop() }
        let probe = try RedisProbe(port: server.port)
        var configuration = try RedisConfiguration(url: "redis://moody:p@127.0.0.1:\(server.port)")
        configuration.connectTimeout = MachineLoad.stretched(.seconds(60))
        // More than calls about leases have, five seconds: a call whose time is up leaves the connection.
        configuration.commandTimeout = MachineLoad.stretched(.seconds(6))
        let log = InMemoryLogHandler()
        let backend = try await RedisBackend.connect(configuration, logger: Logger(label: "mood") { _ in log })
        defer { backend.close() }
        let name = try TaskName("mood")
        let runs = Mutex<[TaskID: Int]>([:])
        let (starts, started) = AsyncStream.makeStream(of: Void.self)
        let (gates, gate) = AsyncStream.makeStream(of: Void.self)
        let handler = TaskHandler(name: name, options: TaskOptions(retry: RetryPolicy(maximumAttempts: 100))) {
            payload,
            context in
            runs.withLock { $0[context.id, default: 0] += 1 }
            started.yield()
            // The first ones end while the server refuses.
            if payload == [1] { for await _ in gates { break } }
            return []
        }
        try await publish(4, payload: [1], backend, name)
        let running = WorkerDispatcher(
            backend,
            handlers: handler,
            configuration: DispatcherConfiguration(lease: LeasePolicy(duration: MachineLoad.stretched(.seconds(30))))
        ).launch()
        var count = 0
        for await _ in starts {
            count += 1
            if count == 4 { break }
        }
        let connections = try Self.connections(probe)
        try await begin(mood, server, probe, backend, name) { gate.finish() }
        try await end(mood, probe)
        try await publish(20, payload: [2], backend, name)
        try await FixtureWait.until("all tasks are finished") { try await isFinished(24, backend, name) }
        running.cancel()
        if [.busy, .paused, .asleep].contains(mood) {
            let said = log.entries.map { "\($0.message) \($0.metadata)" }.joined(separator: "\n")
            #expect(try Self.connections(probe) == connections, "a server that is slow is not left:\n\(said)")
        }
        let repeated = runs.withLock { $0.values.filter { $0 > 1 }.count }
        #expect(repeated == 0, "finished work is offered again until it is taken")
        #expect(runs.withLock { $0.count } == 24)
    }

    /// Begins it, and lets the first handlers end while it lasts.
    private func begin(
        _ mood: Mood,
        _ server: RedisServer,
        _ probe: RedisProbe,
        _ backend: RedisBackend,
        _ name: TaskName,
        _ endHandlers: () -> Void
    ) async throws {
        switch mood {
        case .busy:
            endHandlers()
            let script = """
                local function now() local t = redis.call('TIME') return t[1] * 1000 + t[2] / 1000 end
                local end_ = now() + 1200
                while now() < end_ do end
                """
            _ = try probe.command("EVAL", script, "0")
        case .paused:
            // Long enough to be felt, and a fraction of the five seconds that a busy machine needs as well.
            _ = try probe.command("CLIENT", "PAUSE", "1500", "ALL")
            endHandlers()
        case .forbidden: _ = try probe.command("ACL", "SETUSER", "moody", "-@all", "+auth", "+client|setname")
        case .replica: _ = try probe.command("REPLICAOF", "127.0.0.1", "1")
        case .lonely: _ = try probe.command("CONFIG", "SET", "min-replicas-to-write", "1")
        case .asleep:
            endHandlers()
            _ = try probe.command("DEBUG", "SLEEP", "1.2")
        case .unsaved:
            // Where it writes its snapshots there is nothing any more.
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("unsaved-\(server.port)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            _ = try probe.command("CONFIG", "SET", "dir", folder.path)
            try FileManager.default.removeItem(at: folder)
            _ = try probe.command("BGSAVE")
            try await FixtureWait.until("the snapshot has failed") {
                try probe.command("INFO", "persistence").text?.contains("rdb_last_bgsave_status:err") == true
            }
        case .loading:
            for number in 0..<3000 { _ = try probe.command("SET", "filler:\(number)", "x") }
            server.kill()
            endHandlers()
            try server.restart()
        }
        guard [.forbidden, .replica, .lonely, .unsaved].contains(mood) else { return }
        endHandlers()
        // Whoever publishes now is told why not.
        let codes: [BellowsError.Code] =
            switch mood {
            case .forbidden: [.accessDenied]
            case .unsaved: [.storeFull]
            // Whoever hears first that it is a replica leaves it, and then what others had asked has no answer.
            case .replica: [.notPrimary, .unavailable, .outcomeUnknown]
            default: [.unavailable]
            }
        let error = await #expect(throws: BellowsError.self) {
            try await backend.publish([PublishRequest(payload: [3])], to: name)
        }
        #expect(error.map { codes.contains($0.code) } == true, "\(String(describing: error))")
        guard mood == .forbidden else { return }
        // The refused publish is one of those; a report has to be refused too.
        try await FixtureWait.until("a report is refused") { try refusedCalls(probe) >= 2 }
    }

    private static func connections(_ probe: RedisProbe) throws -> Int {
        try Self.field("total_connections_received", in: "stats", probe)
    }

    private static func field(_ name: String, in section: String, _ probe: RedisProbe) throws -> Int {
        let text = try probe.command("INFO", section).text ?? ""
        let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("\(name):") } ?? ""
        return Int(line.dropFirst(name.count + 1)) ?? 0
    }

    private func refusedCalls(_ probe: RedisProbe) throws -> Int {
        let text = try probe.command("INFO", "commandstats").text ?? ""
        let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("cmdstat_evalsha:") } ?? ""
        let field = line.split(separator: ",").first { $0.hasPrefix("rejected_calls=") }
        return field.flatMap { Int($0.dropFirst("rejected_calls=".count)) } ?? 0
    }

    private func end(_ mood: Mood, _ probe: RedisProbe) async throws {
        switch mood {
        case .busy, .paused, .loading, .asleep: break
        case .unsaved: _ = try probe.command("CONFIG", "SET", "stop-writes-on-bgsave-error", "no")
        case .forbidden: _ = try probe.command("ACL", "SETUSER", "moody", "+@all")
        case .replica: _ = try probe.command("REPLICAOF", "NO", "ONE")
        case .lonely: _ = try probe.command("CONFIG", "SET", "min-replicas-to-write", "0")
        }
    }

    private func publish(_ count: Int, payload: [UInt8], _ backend: RedisBackend, _ name: TaskName) async throws {
        for _ in 0..<count {
            let request = PublishRequest(payload: payload, options: PublishOptions(id: TaskID()))
            try await FixtureWait.until("a publish goes through") {
                do throws(BellowsError) {
                    _ = try await backend.publish([request], to: name)
                    return true
                } catch {
                    guard error.isRetryable || error.code == .accessDenied else { throw error }
                    return false
                }
            }
        }
    }

    private func isFinished(_ count: Int, _ backend: RedisBackend, _ name: TaskName) async throws -> Bool {
        do {
            return try await backend.statistics(of: name).finishedTotal == count
        } catch {
            guard error.isRetryable || error.code == .accessDenied else { throw error }
            return false
        }
    }
}
