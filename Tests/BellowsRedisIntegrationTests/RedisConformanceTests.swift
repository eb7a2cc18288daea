import Bellows
import BellowsRedis
import BellowsTesting
import RedisFixture
import Testing

/// The conformance list on a real Redis.
@Suite struct RedisConformanceTests {
    @Test("On a real Redis", arguments: BackendConformance.checks)
    func conforms(check: ConformanceCheck) async throws {
        let server = try RedisServer.shared.get()
        let environment = ConformanceEnvironment(
            plantMalformed: { id, name in
                let probe = try RedisProbe(port: server.port)
                try probe.command("HSET", "bellows:1:{\(name)}:p", id.rawValue, "\u{7f}garbage")
                try probe.command("RPUSH", "bellows:1:{\(name)}:q", id.rawValue)
            },
            makeBackend: { try await RedisBackend.connect(server.url) }
        )
        try await check.run(environment)
    }
}
