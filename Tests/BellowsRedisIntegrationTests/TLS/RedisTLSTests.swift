#if TLS
    import Bellows
    import BellowsRedis
    import BellowsTesting
    import Foundation
    import InMemoryLogging
    import Logging
    import RedisFixture
    import TestTurns
    import Testing

    /// Real servers that speak TLS, and what is refused.
    @Suite(.needs(.tls), .turn) struct RedisTLSTests {
        private func configuration(
            _ server: TLSServer,
            host: String = "localhost",
            tls: RedisTLS? = nil
        ) throws -> RedisConfiguration {
            var configuration = try RedisConfiguration.patient(server.url(host: host))
            configuration.tls = tls ?? RedisTLS(caFile: server.authority.certificate)
            return configuration
        }

        private func failure(_ configuration: RedisConfiguration) async throws -> BellowsError {
            do {
                try await RedisBackend.connect(configuration).close()
            } catch {
                return error
            }
            throw FixtureFailure("connected")
        }

        @Test("Tasks, results and signals go through", arguments: ["localhost", "127.0.0.1"])
        func works(host: String) async throws {
            let server = try TLSServer.shared.get()
            let (publisher, worker) = (
                try await RedisBackend.connect(configuration(server, host: host)),
                try await RedisBackend.connect(configuration(server, host: host))
            )
            let name = try TaskName("tls-\(host)")
            let handler = TaskHandler(name: name) { payload, _ in payload + [1] }
            let running = WorkerDispatcher(worker, handlers: handler).launch()
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for size in [0, 1, 100, 20_000, 500_000, 1_000_000] + Array(repeating: 300, count: 200) {
                    group.addTask {
                        let payload = [UInt8](repeating: 7, count: size)
                        let options = PublishOptions(resultRetention: .seconds(600), announcesResult: true)
                        let request = PublishRequest(payload: payload, options: options)
                        let task = try await publisher.publish([request], to: name)[0]
                        let result = try await publisher.awaitResult(
                            of: task.id,
                            run: task.run,
                            in: name,
                            timeout: MachineLoad.stretched(.seconds(60))
                        )
                        return result == payload + [1]
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
            running.cancel()
            publisher.close()
            worker.close()
        }

        @Test("A cut connection is made again, and nothing is lost")
        func reconnects() async throws {
            let server = try TLSServer()
            defer { server.server.stop() }
            let backend = try await RedisBackend.connect(configuration(server))
            let probe = try RedisProbe(port: server.server.port)
            let name = try TaskName("cut")
            for _ in 0..<10 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<50 {
                        group.addTask { _ = try await backend.publish([PublishRequest(payload: [1])], to: name) }
                    }
                    try probe.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
                    try await group.waitForAll()
                }
            }
            #expect(try await backend.statistics(of: name).ready == 500)
        }

        @Test("A certificate is refused if its name, its time or its authority is wrong")
        func refusesCertificates() async throws {
            let other = try TLSServer(names: ["DNS:elsewhere.example"])
            defer { other.server.stop() }
            for host in ["localhost", "127.0.0.1"] {
                let error = try await failure(configuration(other, host: host))
                #expect(error.code == .unsupportedServer)
                #expect(error.message.contains("mismatch"))
            }
            let named = RedisTLS(caFile: other.authority.certificate, serverName: "elsewhere.example")
            try await RedisBackend.connect(configuration(other, tls: named)).close()
            // The system's authorities do not know ours.
            let stranger = try await failure(configuration(other, tls: RedisTLS(serverName: "elsewhere.example")))
            #expect(stranger.code == .unsupportedServer)
            let old = try TLSServer(days: -1)
            defer { old.server.stop() }
            #expect(try await failure(configuration(old)).message.contains("expired"))
        }

        @Test("TLS 1.2 and 1.3 are spoken, and nothing older")
        func versions() async throws {
            for version in ["TLSv1.2", "TLSv1.3"] {
                let server = try TLSServer(protocols: version)
                defer { server.server.stop() }
                try await RedisBackend.connect(configuration(server)).close()
            }
            let old = try TLSServer(protocols: "TLSv1.1")
            defer { old.server.stop() }
            // It is there for those who still speak that.
            try old.visit("-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
            var settings = try configuration(old)
            settings.connectTimeout = MachineLoad.stretched(.seconds(2))
            let error = try await failure(settings)
            #expect(error.message.contains("protocol version"), "\(error)")
        }

        @Test("A server is told by what name it is addressed (SNI)")
        func serverNames() async throws {
            for (host, name, told) in [
                ("localhost", nil, "localhost"), ("127.0.0.1", "redis.example", "redis.example"),
            ] {
                let server = try FirstBytes()
                var configuration = try RedisConfiguration(url: "rediss://\(host):\(server.port)")
                configuration.tls = RedisTLS(serverName: name)
                let backend = try RedisBackend(configuration: configuration)
                defer { backend.close() }
                // It stands in the first message, which is not encrypted yet.
                let hello = try #require(await server.next())
                #expect(hello.first == 22, "a handshake")
                #expect(String(decoding: hello, as: UTF8.self).contains(told))
            }
        }

        @Test("A key that others may read is warned of")
        func openKey() async throws {
            let server = try TLSServer(asksClients: true)
            defer { server.server.stop() }
            let ours = try server.authority.identity(names: ["DNS:client"])
            let settings = RedisTLS(
                caFile: server.authority.certificate,
                certificateFile: ours.certificate,
                keyFile: ours.key
            )
            for (mode, warnings) in [(0o600, 0), (0o640, 1), (0o604, 1)] {
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: ours.key)
                let handler = InMemoryLogHandler()
                let logger = Logger(label: "test", factory: { _ in handler })
                try await RedisBackend.connect(configuration(server, tls: settings), logger: logger).close()
                #expect(handler.entries.count { "\($0.message)".contains("may be read by other users") } == warnings)
            }
        }

        @Test("A server that asks for a certificate gets ours")
        func clientCertificates() async throws {
            let server = try TLSServer(asksClients: true)
            defer { server.server.stop() }
            let ours = try server.authority.identity(names: ["DNS:client"])
            let otherAuthority = try CertificateAuthority()
            let stranger = try otherAuthority.identity(names: ["DNS:client"])
            let file = server.authority.certificate
            let good = RedisTLS(caFile: file, certificateFile: ours.certificate, keyFile: ours.key)
            try await RedisBackend.connect(configuration(server, tls: good)).close()
            let bad = RedisTLS(caFile: file, certificateFile: stranger.certificate, keyFile: stranger.key)
            for settings in [bad, RedisTLS(caFile: file)] {
                let error = try await failure(configuration(server, tls: settings))
                #expect(error.code == .accessDenied)
                #expect(error.message.contains("does not accept our certificate"))
            }
            let locked = try server.authority.identity(names: ["DNS:client"], passphrase: "word")
            for settings in [
                RedisTLS(caFile: file, certificateFile: locked.certificate, keyFile: locked.key),
                RedisTLS(caFile: "/nonexistent"), RedisTLS(caFile: file, certificateFile: ours.certificate),
                RedisTLS(caFile: file, certificateFile: ours.certificate, keyFile: stranger.key),
                RedisTLS(caFile: file, certificateFile: "/nonexistent", keyFile: ours.key),
            ] {
                #expect(try await failure(configuration(server, tls: settings)).code == .invalidConfiguration)
            }
        }

        @Test("What is wrong with a file is told with its path, in the system's words")
        func namesFiles() async throws {
            let server = try TLSServer()
            defer { server.server.stop() }
            let ours = try server.authority.identity(names: ["DNS:client"])
            let locked = try server.authority.identity(names: ["DNS:client"], passphrase: "word")
            let (file, missing) = (server.authority.certificate, "/nonexistent/file.pem")
            let none = "No such file or directory"
            for (settings, path, words) in [
                (RedisTLS(caFile: missing), missing, none),
                (RedisTLS(caFile: file, certificateFile: missing, keyFile: ours.key), missing, none),
                (RedisTLS(caFile: file, certificateFile: ours.certificate, keyFile: missing), missing, none),
                (RedisTLS(caFile: "/"), "/ with the trusted authorities", ""),
                (RedisTLS(caFile: ours.key), ours.key, "no certificate"),
                (RedisTLS(caFile: file, certificateFile: ours.certificate, keyFile: locked.key), locked.key, ""),
                (RedisTLS(caFile: file, certificateFile: ours.certificate), ours.certificate, "needs a key"),
            ] {
                let message = try await failure(configuration(server, tls: settings)).message
                #expect(message.contains(path))
                #expect(words.isEmpty || message.contains(words))
                #expect(!message.contains("error 2147"))
            }
        }

        @Test("TLS to a plain port, and plain text to a TLS port, end with an error")
        func mixesUp() async throws {
            let server = try TLSServer.shared.get()
            var encrypted = try configuration(server)
            encrypted.address = .tcp(host: "localhost", port: server.server.port)
            encrypted.connectTimeout = MachineLoad.stretched(.seconds(2))
            #expect(try await failure(encrypted).message.contains("does it speak TLS"))
            let plain = try RedisConfiguration(url: "redis://localhost:\(server.port)")
            #expect(try await failure(plain).code == .unavailable)
        }
    }
#endif
