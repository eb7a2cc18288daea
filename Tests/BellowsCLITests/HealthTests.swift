import Foundation
import RedisFixture
import TestTurns
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@testable import BellowsCLI

/// `bellows work --health`: what it tells while Redis is there, gone and back.
@Suite(.turn) struct HealthTests {
    @Test(arguments: [
        "", "x", "0", "65536", "1.2.3:80", "1.2.3.4.5:80", "host:80", "127.0.0.1:", ":80", "1:2:3", "[::1]", "[::1]:",
        "::1:80", "[1.2.3.4]:80", "[::g]:80", "[]:80", "+80", "1.2.3.4:٣",
    ])
    func refusesAddress(text: String) {
        #expect(throws: (any Error).self) { try HealthAddress(argument: text) }
    }

    @Test func readsAddress() throws {
        #expect(try HealthAddress(argument: "8080").host == "127.0.0.1")
        #expect(try HealthAddress(argument: "0.0.0.0:8080").port == 8080)
        #expect(try HealthAddress(argument: "[::]:8080").host == "::")
        #expect(try HealthAddress(argument: "[::1]:8080").text == "[::1]:8080")
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

    @Test("Ready follows claims: a PING that is answered is not enough")
    func followsClaims() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let probe = try RedisProbe(port: server.port)
        try probe.command("ACL", "SETUSER", "worker", "on", "nopass", "~*", "allchannels", "+@all")
        let port = try RedisServer.freePort()
        let url = "redis://worker:any@127.0.0.1:\(server.port)"
        let worker = try BellowsProcess(["work", "health.test", "--health", "\(port)", "--", "true"], url: url)
        try await ask(port, "ready", until: 200)
        try probe.command("ACL", "SETUSER", "worker", "-eval", "-evalsha")
        _ = try await BellowsProcess.run(["publish", "health.test", "x"], url: "redis://127.0.0.1:\(server.port)")
        try await ask(port, "ready", until: 503)
        #expect(try await status(port, "live") == 200)
        try probe.command("ACL", "SETUSER", "worker", "+@all")
        try await ask(port, "ready", until: 200)
        worker.signal(SIGTERM)
        #expect(await worker.ending().status == 0)
    }

    @Test func listensOnIPv6() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let port = try RedisServer.freePort()
        let arguments = ["work", "health.test", "--health", "[::]:\(port)", "--", "true"]
        let worker = try BellowsProcess(arguments, url: server.url)
        // URLSession finds no way to an address in brackets on every system.
        try await FixtureWait.until("/ready answers 200 on ::1") {
            guard let peer = try? HTTPPeer(portOnIPv6: port) else { return false }
            peer.send("GET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return await peer.everything().hasPrefix("HTTP/1.1 200")
        }
        worker.signal(SIGTERM)
        #expect(await worker.ending().status == 0)
    }

    @Test("Peers that send heads without end cost the tasks nothing")
    func hostilePeers() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let port = try RedisServer.freePort()
        let arguments = ["work", "hs", "--health", "\(port)", "--lease", "2s", "--", "cat"]
        let worker = try BellowsProcess(arguments, url: server.url)
        try await ask(port, "ready", until: 200)
        let peers = try (0..<8).map { _ in try HTTPPeer(port: port) }
        for peer in peers { peer.send("GET /" + String(repeating: "a", count: 100_000)) }
        let result = try await BellowsProcess.run(["publish", "hs", "x", "--await"], url: server.url)
        #expect(result.text == "x\n")
        for peer in peers { #expect(await peer.everything().hasPrefix("HTTP/1.1 431")) }
        #expect(try await status(port, "live") == 200)
        worker.signal(SIGTERM)
        #expect(await worker.ending().status == 0)
    }

    #if os(Linux)
        @Test("A worker that is short of descriptors goes on, and tells its health when there are some")
        func outlivesAShortage() async throws {
            let server = try RedisServer.start()
            defer { server.stop() }
            let port = try RedisServer.freePort()
            let arguments = ["work", "health.test", "--health", "\(port)", "--", "true"]
            let worker = try BellowsProcess(arguments, url: server.url)
            try await ask(port, "ready", until: 200)
            try await limitDescriptors(of: worker.pid, to: 3)
            // On a connection of its own: those that are open go on. Nobody answers it while the shortage lasts.
            let visit = Task { try await status(port, "live", URLSession(configuration: .ephemeral)) }
            await worker.errors.until("cannot be told")
            visit.cancel()
            try await limitDescriptors(of: worker.pid, to: 1024)
            try await ask(port, "ready", until: 200)
            worker.signal(SIGTERM)
            #expect(await worker.ending().status == 0)
        }

        private func limitDescriptors(of pid: Int32, to count: Int) async throws {
            let arguments = ["--pid", "\(pid)", "--nofile=\(count):"]
            let program = URL(fileURLWithPath: "/usr/bin/prlimit")
            let ending = try await BellowsProcess.run(arguments, url: "", program: program)
            #expect(ending.status == 0, "\(ending.errors)")
        }
    #endif

    private func ask(_ port: UInt16, _ path: String, until status: Int) async throws {
        try await HealthProbe(port: port).ask(path, until: status)
    }

    private func status(_ port: UInt16, _ path: String, _ session: URLSession = .shared) async throws -> Int? {
        try await HealthProbe(port: port, session: session).status(path)
    }
}
