import Bellows
import BellowsRedis
import BellowsTesting
import RedisFixture
import TestTurns
import Testing

/// Real Sentinels, and a primary that dies.
@Suite(.clusterTurn) struct SentinelTests {
    @Test("The primary is found, and its successor after it has died; nothing that a replica had is lost")
    func followsAFailover() async throws {
        let group = try SentinelGroup()
        try await followsAFailover(group, try .patient(group.url))
    }

    #if TLS
        @Test("The same over TLS, with Sentinels that ask for a password", .needs(.tls))
        func followsAFailoverOverTLS() async throws {
            let authority = try CertificateAuthority()
            let group = try SentinelGroup(authority: authority, password: "hush")
            var configuration = try RedisConfiguration.patient(group.url)
            configuration.tls?.caFile = authority.certificate
            configuration.sentinelPassword = "hush"
            try await followsAFailover(group, configuration)
        }
    #endif

    @Test("A wrong password of the Sentinels is told, and not repeated")
    func refused() async throws {
        let group = try SentinelGroup(password: "hush")
        defer { group.stop() }
        for password in [nil, "loud"] {
            var configuration = try RedisConfiguration.patient(group.url)
            configuration.sentinelPassword = password
            let error = await #expect(throws: BellowsError.self) { try await RedisBackend.connect(configuration) }
            #expect(error?.message.contains(password == nil ? "NOAUTH" : "refuses our user name or password") == true)
            #expect(error?.message.contains("loud") == false)
            #expect(!"\(configuration)".contains("loud"))
        }
    }

    private func followsAFailover(_ group: SentinelGroup, _ given: RedisConfiguration) async throws {
        defer { group.stop() }
        // A Sentinel that was not run for two seconds watches only for the next thirty (TILT).
        var configuration = given
        configuration.commandTimeout = MachineLoad.stretched(.seconds(120))
        let backend = try await RedisBackend.connect(configuration)
        let name = try TaskName("sentinel")
        let durable = PublishOptions(durability: .replicated(to: 1, within: MachineLoad.stretched(.seconds(30))))
        for _ in 0..<20 {
            let published = try await backend.publish([PublishRequest(payload: [1], options: durable)], to: name)
            #expect(published.map(\.durability) == [.replicated(to: 1)])
        }
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        let handler = TaskHandler(name: name) { _, _ in
            end.yield()
            return []
        }
        group.primary.kill()
        // It waits for the new primary; nothing here knows when that is there.
        let id = try TaskID("after")
        let options = PublishOptions(id: id)
        do {
            _ = try await backend.publish([PublishRequest(payload: [1], options: options)], to: name)
        } catch {
            Issue.record("\(error); the Sentinels:\n\(group.log)")
            return
        }
        let running = WorkerDispatcher(backend, handlers: handler).launch()
        var count = 0
        for await _ in ended {
            count += 1
            if count == 21 { break }
        }
        running.cancel()
        let replication = try RedisProbe(port: group.replica.port).command("INFO", "replication").text ?? ""
        #expect(replication.contains("role:master"))
        backend.close()
    }

    @Test("A primary that hangs is left as soon as the Sentinels have another one, long before calls give up")
    func leavesAPrimaryThatHangs() async throws {
        let group = try SentinelGroup()
        defer { group.stop() }
        var configuration = try RedisConfiguration.patient(group.url)
        configuration.commandTimeout *= 5
        let backend = try await RedisBackend.connect(configuration)
        defer { backend.close() }
        let name = try TaskName("hanging")
        _ = try await backend.publish([PublishRequest(payload: [1])], to: name)
        group.primary.suspend()
        defer { group.primary.resume() }
        // Nothing on the old connection ever answers, nor ends it.
        let published = try await backend.publish([PublishRequest(payload: [2])], to: name)
        #expect(published.map(\.disposition) == [.new])
        let replication = try RedisProbe(port: group.replica.port).command("INFO", "replication").text ?? ""
        #expect(replication.contains("role:master"))
    }

    @Test("Sentinels that are away or do not know the service are named in the error")
    func fails() async throws {
        let server = try RedisServer.shared.get()
        let away = "redis-sentinel://127.0.0.1:1/service"
        // A server that is no Sentinel does not know the command.
        for url in [away, "redis-sentinel://127.0.0.1:\(server.port)/service"] {
            var configuration = try RedisConfiguration.patient(url)
            configuration.connectTimeout = .seconds(30)
            do {
                try await RedisBackend.connect(configuration).close()
                Issue.record("connected to \(url)")
            } catch {
                #expect(error.code == .unavailable)
                #expect(error.message.contains("no Sentinel tells where the primary of service is"))
            }
        }
    }
}
