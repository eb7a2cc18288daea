import Bellows
import BellowsConformance
import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

/// The user that docs/tls-and-users.md describes: all of Bellows works, and nothing else does.
@Suite(.turn) struct MinimalUserTests {
    /// A server with that user, and two backends as two processes.
    private static let setting = Task {
        let server = try RedisServer.start()
        let credentials = try DocumentedUser.create(on: server)
        let url = "redis://\(credentials)127.0.0.1:\(server.port)"
        return (server, try await RedisConformanceTests.processes(.patient(url)))
    }

    @Test("Every check passes", arguments: BackendConformance.checks)
    func conforms(check: ConformanceCheck) async throws {
        let (server, processes) = try await Self.setting.value
        #expect(try await check.run(RedisConformanceTests.environment(server, processes)) == .passed)
    }

    @Test("Operators' verbs, replicas, the diagnosis and the audit work too")
    func operates() async throws {
        let (server, processes) = try await Self.setting.value
        let name = try TaskName("minimal")
        let options = PublishOptions(durability: .replicated(to: 1, within: .milliseconds(10)))
        let published = try await processes[0].publish([PublishRequest(payload: [1], options: options)], to: name)
        #expect(published.map(\.durability) == [.notReplicated(to: 0)])
        #expect(try await processes[1].definitionNames().contains(name))
        #expect(try await processes[1].inspect(published[0].id, in: name) != nil)
        #expect(try await processes[1].deadLetters(of: name, offset: 0, limit: 10).isEmpty)
        let url = "redis://bellows:secret@127.0.0.1:\(server.port)"
        #expect(try await RedisBackend.diagnose(.patient(url)).level == .volatile)
        #expect(try await RedisBackend.audit(.patient(url), only: [name]).violations == [])
    }

    @Test(
        "Nothing else is allowed",
        arguments: [
            ["FLUSHALL"], ["KEYS", "*"], ["CONFIG", "SET", "maxmemory", "1"], ["SCRIPT", "FLUSH"], ["GET", "other"],
            ["PUBLISH", "other", "x"], ["SUBSCRIBE", "other"], ["EVAL", "return redis.call('GET', 'other')", "0"],
            ["ACL", "LIST"], ["SHUTDOWN"], ["CLIENT", "KILL", "TYPE", "normal"],
        ]
    )
    func refuses(command: [String]) async throws {
        let (server, _) = try await Self.setting.value
        let probe = try RedisProbe(port: server.port)
        #expect(try probe.command("AUTH", "bellows", "secret") == .status("OK"))
        guard case .error(let text) = try probe.command(command.map { [UInt8]($0.utf8) }) else {
            Issue.record("\(command) is allowed")
            return
        }
        #expect(RedisServerError(text).category == .noPermission)
    }

    @Test("One who publishes and awaits cannot take tasks, and one who looks cannot change anything")
    func publishesOrLooks() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        func url(_ user: String) throws -> String {
            "redis://\(try DocumentedUser.create(user, on: server))127.0.0.1:\(server.port)"
        }
        func backend(_ user: String) async throws -> RedisBackend {
            try await RedisBackend.connect(.patient(url(user)))
        }
        let worker = try await backend("bellows")
        let publisher = try await backend("publisher")
        let reader = try await backend("reader")
        let name = try TaskName("roles")
        let running = WorkerDispatcher(worker, handlers: TaskHandler(name: name) { payload, _ in payload }).launch()
        let options = PublishOptions(
            resultRetention: .seconds(60),
            announcesResult: true,
            durability: .replicated(to: 1, within: .milliseconds(10))
        )
        let published = try await publisher.publish([PublishRequest(payload: [7], options: options)], to: name)[0]
        #expect(try await publisher.awaitResult(of: published.id, run: published.run, in: name) == [7])
        let given = PublishOptions(availability: .after(.seconds(600)), id: try TaskID("mine"))
        _ = try await publisher.publish([PublishRequest(payload: [7], options: given)], to: name)
        let claim = ClaimRequest(name: name, selection: .earliest(1), lease: .seconds(60))
        for backend in [publisher, reader] {
            #expect(try await BackendBench.code { _ = try await backend.claim(claim) } == .accessDenied)
        }
        let mine = try TaskID("mine")
        #expect(
            try await BackendBench.code { _ = try await reader.cancel([mine], in: name, reason: "") } == .accessDenied
        )
        for backend in [publisher, reader] {
            let code = try await BackendBench.code { _ = try await backend.pause(name, for: nil, note: "") }
            #expect(code == .accessDenied)
        }
        #expect(try await reader.statistics(of: name).pause == nil)
        #expect(try await reader.statistics(of: name).delayed == 1)
        #expect(try await reader.inspect(TaskID("mine"), in: name)?.state == .delayed)
        #expect(try await reader.deadLetters(of: name, offset: 0, limit: 9).isEmpty)
        let page = try await reader.tasks(.delayed, of: name, after: nil, limit: 1)
        #expect(page.tasks.map(\.id.rawValue) == ["mine"])
        let next = PageCursor(.delayed, of: name, mark: "1", id: try TaskID("gone"))
        #expect(try await reader.tasks(.delayed, of: name, after: next, limit: 1) == page)
        #expect(try await reader.tasks(.ready, of: name, after: nil, limit: 1).tasks.isEmpty)
        #expect(try await reader.search([7], of: name, after: nil).tasks == page.tasks)
        #expect(try await reader.definitionNames() == [name])
        #expect(try await RedisBackend.audit(.patient(url("reader"))).violations == [])
        #expect(
            try await BackendBench.code { _ = try await reader.publish([PublishRequest(payload: [])], to: name) }
                == .accessDenied
        )
        // Who publishes may take back what it has published.
        let outcomes = try await publisher.cancel([mine, published.id], in: name, reason: "")
        #expect(outcomes == [.cancelled, .finished])
        running.cancel()
    }
}
