import BellowsConformance
#if TLS
    import Bellows
    import BellowsRedis
    import RedisFixture
    import Testing

    /// The conformance list over TLS, with two connected backends as two processes.
    @Suite(.needs(.tls)) struct TLSConformanceTests {
        private static let setting = Task {
            let server = try TLSServer()
            var configuration = try RedisConfiguration(url: server.url())
            configuration.tls = RedisTLS(caFile: server.authority.certificate)
            let processes = [
                try await RedisBackend.connect(configuration), try await RedisBackend.connect(configuration),
            ]
            // The files of the authority are read again at each connect, and go with it.
            return (server, processes)
        }

        @Test("Over TLS", arguments: BackendConformance.checks)
        func conforms(check: ConformanceCheck) async throws {
            let (server, processes) = try await Self.setting.value
            #expect(try await check.run(RedisConformanceTests.environment(server.server, processes)) == .passed)
        }
    }
#endif
