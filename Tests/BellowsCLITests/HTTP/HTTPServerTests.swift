import Bellows
import BellowsTesting
import BellowsRuntime
import Foundation
import NIOCore
import Synchronization
import TestTurns
import Testing

@testable import BellowsCLI

/// The server against peers that are slow, hostile or merely unusual.
@Suite(.turn) struct HTTPServerTests {
    private static func start(_ change: (inout HTTPLimits) -> Void = { _ in }) async throws -> HTTPServer {
        var limits = HTTPLimits()
        change(&limits)
        return try await HTTPServer.start(host: "127.0.0.1", port: 0, limits: limits) { request in
            switch request.path {
            case "/echo": HTTPResponse(status: .ok, body: request.body)
            case "/large": HTTPResponse(status: .ok, body: [UInt8](repeating: 120, count: 4 << 20))
            case "/never":
                await withCheckedContinuation { (never: CheckedContinuation<HTTPResponse, Never>) in
                    _ = BellowsRuntime.EventLoop.shared.schedule(at: .now + .seconds(3)) {
                        never.resume(returning: HTTPResponse(status: .ok))
                    }
                }
            default: HTTPResponse(status: .ok, body: Array(request.path.utf8))
            }
        }
    }

    /// Sends bytes on a connection of its own, and reads to its end.
    private func send(_ text: String, to server: HTTPServer, closing: Bool = false) async throws -> String {
        let peer = try HTTPPeer(port: UInt16(try #require(server.address.port)))
        peer.send(text)
        if closing { peer.closeOutput() }
        return await peer.everything()
    }

    @Test func answers() async throws {
        let server = try await Self.start()
        let answer = try await send("GET /a?b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", to: server)
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n/a"))
        let head = try await send("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", to: server)
        #expect(head.contains("Content-Length: 2\r\n") && head.hasSuffix("\r\n\r\n"))
        let old = try await send("GET /old HTTP/1.0\r\n\r\n", to: server)
        #expect(old.hasSuffix("/old"))
        let half = try await send("GET /half HTTP/1.1\r\nHost: x\r\n\r\n", to: server, closing: true)
        #expect(half.hasSuffix("/half"))
        await server.stop()
    }

    @Test func takesBodiesInEitherForm() async throws {
        let server = try await Self.start()
        let rest = "Host: x\r\nConnection: close\r\n"
        let plain = try await send("POST /echo HTTP/1.1\r\n\(rest)Content-Length: 5\r\n\r\nhello", to: server)
        #expect(plain.hasSuffix("\r\n\r\nhello"))
        let chunked = "POST /echo HTTP/1.1\r\n\(rest)Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
        #expect(try await send(chunked, to: server).hasSuffix("\r\n\r\nhello"))
        await server.stop()
    }

    @Test("Requests that are sent together are answered in order, however many")
    func pipelining() async throws {
        let server = try await Self.start()
        let requests = (0..<500).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined()
        let answer = try await send(requests + "GET /end HTTP/1.1\r\nConnection: close\r\n\r\n", to: server)
        let paths = answer.split(separator: "\r\n\r\n").dropFirst().map { $0.split(separator: "HTTP/1.1")[0] }
        #expect(paths.map(String.init) == (0..<500).map { "/\($0)" } + ["/end"])
        await server.stop()
    }

    @Test(
        "Heads over the limit are refused, whatever makes them long",
        arguments: [
            "GET /" + String(repeating: "a", count: 100_000),
            "GET " + String(repeating: " ", count: 100_000),
            String(repeating: "\r\n", count: 50_000),
            "GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 100_000),
            "GET / HTTP/1.1\r\n" + String(repeating: "a", count: 100_000) + ": 1",
            "GET / HTTP/1.1\r\n" + (0..<10_000).map { "X\($0): 1\r\n" }.joined() + "\r\n",
        ]
    )
    func longHeads(_ text: String) async throws {
        let server = try await Self.start()
        #expect(try await send(text, to: server).hasPrefix("HTTP/1.1 431"))
        await server.stop()
    }

    @Test(arguments: [
        "nonsense\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n",
        "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "GET / HTTP/1.1\r\n: empty\r\n\r\n",
    ])
    func nonsense(_ text: String) async throws {
        let server = try await Self.start()
        #expect(try await send(text, to: server).hasPrefix("HTTP/1.1 400"))
        await server.stop()
    }

    @Test func largeBodies() async throws {
        let server = try await Self.start { $0.body = 1000 }
        let announced = "POST /echo HTTP/1.1\r\nContent-Length: 1001\r\n\r\n"
        #expect(try await send(announced, to: server).hasPrefix("HTTP/1.1 413"))
        let chunked =
            "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
            + String(repeating: "ff\r\n\(String(repeating: "x", count: 255))\r\n", count: 1000)
        #expect(try await send(chunked, to: server).hasPrefix("HTTP/1.1 413"))
        let huge = "POST /echo HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n"
        #expect(try await send(huge, to: server).hasPrefix("HTTP/1.1 4"))
        await server.stop()
    }

    @Test("Who sends too slowly, or nothing, is not waited for")
    func slowPeers() async throws {
        let server = try await Self.start { $0.arrival = MachineLoad.stretched(.milliseconds(200)) }
        #expect(try await send("GET /slow HTTP/1.1\r\nX: ", to: server).hasPrefix("HTTP/1.1 408"))
        #expect(try await send("", to: server).hasPrefix("HTTP/1.1 408"))
        #expect(
            try await send("POST /echo HTTP/1.1\r\nContent-Length: 9\r\n\r\nx", to: server).hasPrefix("HTTP/1.1 408")
        )
        // A connection that is kept for more requests ends in silence.
        let kept = try await send("GET /kept HTTP/1.1\r\n\r\n", to: server)
        #expect(kept.hasSuffix("/kept"))
        // Byte by byte: each is in time, the whole is not.
        let peer = try HTTPPeer(port: UInt16(try #require(server.address.port)))
        peer.send("GET /")
        let drip = OwnThread.start(name: "test-drip") {
            for _ in 0..<1000 where peer.send("x") { usleep(20_000) }
        }
        #expect(drip)
        let answer = await peer.everything()
        #expect(answer.hasPrefix("HTTP/1.1 408"))
        await server.stop()
    }

    @Test("Who does not read its answer is not waited for")
    func silentReader() async throws {
        let server = try await Self.start { $0.departure = .milliseconds(200) }
        let peer = try HTTPPeer(port: UInt16(try #require(server.address.port)))
        peer.send(String(repeating: "GET /large HTTP/1.1\r\n\r\n", count: 100))
        await peer.ending(ofSending: "x")
        await server.stop()
    }

    @Test("An answer that takes too long is given up")
    func slowAnswer() async throws {
        let server = try await Self.start { $0.answer = .milliseconds(100) }
        #expect(try await send("GET /never HTTP/1.1\r\n\r\n", to: server).hasPrefix("HTTP/1.1 503"))
        await server.stop()
    }

    @Test("Connections above the limit wait, and are served when others end")
    func manyConnections() async throws {
        let server = try await Self.start {
            $0.connections = 4
            $0.arrival = MachineLoad.stretched(.milliseconds(500))
            $0.farewell = .milliseconds(50)
        }
        let port = UInt16(try #require(server.address.port))
        let idle = try (0..<20).map { _ in try HTTPPeer(port: port) }
        let answer = try await send("GET /last HTTP/1.1\r\nConnection: close\r\n\r\n", to: server)
        #expect(answer.hasSuffix("/last"))
        for peer in idle { #expect(await peer.everything().hasPrefix("HTTP/1.1 408")) }
        await server.stop()
    }

    @Test func listensOnEitherFamily() async throws {
        let server = try await HTTPServer.start(host: "::1", port: 0) { _ in HTTPResponse(status: .ok) }
        #expect(server.address.protocol == .inet6)
        await server.stop()
        await #expect(throws: (any Error).self) {
            _ = try await HTTPServer.start(host: "192.0.2.1", port: 0) { _ in HTTPResponse(status: .ok) }
        }
    }
}
