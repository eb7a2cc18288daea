import BellowsConformance
#if TLS
    import Bellows
    import BellowsRedis
    import RedisFixture
    import TestTurns
    import Testing

    /// The conformance list over TLS, with two connected backends as two processes.
    @Suite(.needs(.tls), .turn) struct TLSConformanceTests {
        private static let setting = Task {
            let server = try TLSServer.shared.get()
            var configuration = try RedisConfiguration.patient(server.url())
            configuration.tls = RedisTLS(caFile: server.authority.certificate)
            return (server, try await RedisConformanceTests.processes(configuration))
        }

        @Test("Over TLS", arguments: BackendConformance.checks)
        func conforms(check: ConformanceCheck) async throws {
            let (server, processes) = try await Self.setting.value
            #expect(try await check.run(RedisConformanceTests.environment(server.server, processes)) == .passed)
        }
    }
#endif
