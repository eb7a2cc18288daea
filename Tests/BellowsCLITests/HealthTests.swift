import Foundation
import RedisFixture
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@testable import BellowsCLI

/// `bellows work --health`: what it tells while Redis is there, gone and back.
@Suite(.timeLimit(.minutes(2))) struct HealthTests {
    @Test(arguments: ["", "x", "0", "65536", "1.2.3:80", "1.2.3.4.5:80", "host:80", "127.0.0.1:", ":80", "1:2:3"])
    func refusesAddress(text: String) {
        #expect(throws: (any Error).self) { try HealthAddress(argument: text) }
    }

    @Test func readsAddress() throws {
        #expect(try HealthAddress(argument: "8080").host == "127.0.0.1")
        #expect(try HealthAddress(argument: "0.0.0.0:8080").port == 8080)
    }

    @Test("A port that is taken ends the worker with an error")
    func portInUse() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let result = try await BellowsProcess.run(
            ["work", "health.test", "--health", "\(server.port)", "--", "true"],
            url: server.url
        )
        #expect(result.status == 2)
        #expect(result.errors.contains("the health of this worker cannot be told"))
    }

    @Test("Ready follows Redis, live does not")
    func followsRedis() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let port = try RedisServer.freePort()
        let worker = try BellowsProcess(["work", "health.test", "--health", "\(port)", "--", "true"], url: server.url)
        try await ask(port, "ready", until: 200)
        #expect(try await status(port, "live") == 200)
        #expect(try await status(port, "nothing") == 404)
        server.kill()
        try await ask(port, "ready", until: 503)
        #expect(try await status(port, "live") == 200)
        try server.restart()
        try await ask(port, "ready", until: 200)
        worker.signal(SIGTERM)
        #expect(await worker.ending().status == 0)
        #expect(try await status(port, "live") == nil)
    }

    /// Asks until the answer is as it should be.
    private func ask(_ port: UInt16, _ path: String, until status: Int) async throws {
        while try await self.status(port, path) != status {}
    }

    /// The status of a GET; nil if nobody is there.
    private func status(_ port: UInt16, _ path: String) async throws -> Int? {
        let url = try #require(URL(string: "http://127.0.0.1:\(port)/\(path)"))
        do {
            return (try await URLSession.shared.data(from: url).1 as? HTTPURLResponse)?.statusCode
        } catch is URLError {
            return nil
        }
    }
}
