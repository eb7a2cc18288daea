import Bellows
import BellowsTesting
import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

@Suite("Connection to a real server", .turn)
struct ConnectionTests {
    private let server: RedisServer

    init() throws {
        server = try RedisServer.shared.get()
    }

    @Test("bytes come back as they went")
    func echo() async throws {
        let harness = try await ConnectionHarness.connected(server.url)
        for bytes in [[], [0], [0, 255, 13, 10, 0xC3, 0x28], [UInt8](repeating: 7, count: 100_000)] as [[UInt8]] {
            let command = ConnectionHarness.echo(bytes)
            #expect(
                try await harness.connection.send(command, deadline: .now + ConnectionHarness.patience) == .bytes(bytes)
            )
        }
        guard case .error(let error) = try await harness.send("NONSENSE") else {
            Issue.record("the server knows NONSENSE")
            return
        }
        #expect(error.category == .unknownCommand)
    }

    @Test("10,000 commands at once are answered in order")
    func pipelining() async throws {
        let server = try RedisServer.start()
        let harness = try await ConnectionHarness.connected(server.url)
        let log = EventLog<Int64>()
        for number in 0..<10_000 {
            if number.isMultiple(of: 500) { await Task.yield() }
            let command = ConnectionHarness.echo(Array("\(number)".utf8))
            harness.connection.submit(command, deadline: .now + ConnectionHarness.patience) { result in
                guard case .success(.bytes(let bytes)) = result else { return log.add(-1) }
                log.add(Int64(String(decoding: bytes, as: UTF8.self)) ?? -1)
            }
        }
        try await log.wait { $0 == 9_999 || $0 == -1 }
        #expect(log.all == (0..<10_000).map(Int64.init))
    }

    @Test("a value of 64 MiB goes and comes back")
    func largeValue() async throws {
        // A server of its own: other tests must not wait for these bytes.
        let server = try RedisServer.start()
        let harness = try await ConnectionHarness.connected(server.url)
        var value = [UInt8](repeating: 0, count: 64 << 20)
        for index in stride(from: 0, to: value.count, by: 4_093) { value[index] = UInt8(truncatingIfNeeded: index) }
        var set = RedisCommand("SET", "bellows:large")
        set.append(value)
        let deadline = ContinuousClock.now + ConnectionHarness.patience
        #expect(try await harness.connection.send(set, deadline: deadline) == .status("OK"))
        let reply = try await harness.connection.send(RedisCommand("GET", "bellows:large"), deadline: deadline)
        #expect(reply == .bytes(value))
        #expect(try await harness.send("DEL", "bellows:large") == .integer(1))
    }

    @Test("a reply over the limit ends the connection, and the next one works")
    func replyLimit() async throws {
        let harness = try await ConnectionHarness.connected(server.url) { $0.maximumReplyBytes = 10_000 }
        _ = try RedisProbe(port: server.port).command("SET", "bellows:over", String(repeating: "x", count: 20_000))
        let failure = await #expect(throws: CommandFailure.self) { try await harness.send("GET", "bellows:over") }
        guard case .outcomeUnknown = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(try await harness.echoUntilAnswered() == "x")
    }

    /// Other databases need one command more, as docs/tls-and-users.md says.
    private static func allowSelect(_ server: RedisServer) throws {
        let probe = try RedisProbe(port: server.port)
        for user in try probe.command("ACL", "USERS").elements ?? [] {
            _ = try probe.command("ACL", "SETUSER", user.text ?? "default", "+select")
        }
    }

    @Test("the unix socket of the server")
    func unixSocket() async throws {
        let server = try RedisServer.start()
        try Self.allowSelect(server)
        let harness = try await ConnectionHarness.connected(server.unixURL + "?db=3")
        #expect(try await harness.send("SET", "bellows:unix", "1") == .status("OK"))
        let probe = try RedisProbe(port: server.port)
        _ = try probe.command("SELECT", "3")
        #expect(try probe.command("DEL", "bellows:unix") == .integer(1))
    }

    @Test("a host name is looked up, and the connection has its name")
    func hostName() async throws {
        let harness = try await ConnectionHarness.connected(server.url.replacing("127.0.0.1", with: "localhost")) {
            $0.clientName = "conn-named"
        }
        let clients = try RedisProbe(port: server.port).command("CLIENT", "LIST").text ?? ""
        #expect(clients.contains("name=conn-named "))
        #expect(try await harness.echo() == "x")
    }

    @Test("a name that does not exist, a port where nobody listens, and a database that there is not")
    func unreachable() async throws {
        for url in ["redis://no-such-host.invalid", "redis://127.0.0.1:1", "unix:///no/such/socket"] {
            let harness = try ConnectionHarness(url) { $0.connectTimeout = MachineLoad.stretched(.seconds(2)) }
            let event = try await harness.events.wait { $0.hasPrefix("failed") }
            #expect(event.hasPrefix("failed unavailable"), "\(event)")
            let failure = await #expect(throws: CommandFailure.self) {
                try await harness.echo(within: MachineLoad.stretched(.milliseconds(100)))
            }
            guard case .notSent? = failure else {
                Issue.record("\(String(describing: failure))")
                continue
            }
        }
        let server = try RedisServer.start()
        try Self.allowSelect(server)
        let harness = try ConnectionHarness(server.url + "/999999")
        let event = try await harness.events.wait { $0.hasPrefix("failed") }
        #expect(event.hasPrefix("failed invalidConfiguration"))
    }

    @Test("a wrong password is refused without being repeated, and fails what waits")
    func wrongPassword() async throws {
        let probe = try RedisProbe(port: server.port)
        _ = try probe.command("ACL", "SETUSER", "conn-user", "on", ">right", "~*", "+@all")
        let address = "127.0.0.1:\(server.port)"
        let harness = try ConnectionHarness("redis://conn-user:hunter2@\(address)")
        let failure = await #expect(throws: CommandFailure.self) { try await harness.echo() }
        guard case .refused(let code, let message)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(code == .accessDenied)
        #expect(!message.contains("hunter2"))
        #expect(harness.events.all.allSatisfy { !$0.contains("hunter2") })
        let allowed = try await ConnectionHarness.connected("redis://conn-user:right@\(address)")
        #expect(try await allowed.send("ACL", "WHOAMI") == .bytes([UInt8]("conn-user".utf8)))
    }

    @Test("closing fails what comes later, and is told once")
    func closing() async throws {
        let harness = try await ConnectionHarness.connected(server.url)
        harness.connection.close()
        harness.connection.close()
        try await harness.events.wait { $0 == "closed" }
        await #expect(throws: CommandFailure.closed) { try await harness.echo() }
        #expect(harness.events.all == ["ready", "closed"])
    }

    @Test("stopping the loop closes its connections")
    func stopping() async throws {
        let harness = try await ConnectionHarness.connected(server.url)
        harness.loop.stop()
        try await harness.events.wait { $0 == "closed" }
        await #expect(throws: CommandFailure.closed) { try await harness.echo() }
    }
}
