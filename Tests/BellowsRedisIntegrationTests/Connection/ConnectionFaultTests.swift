import Bellows
import BellowsTesting
import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

@Suite("Connection under faults", .turn)
struct ConnectionFaultTests {
    /// A time that is over soon, and is enough for a machine to send something.
    private static let short = MachineLoad.stretched(.milliseconds(500))

    private let server: RedisServer

    init() throws {
        server = try RedisServer.start()
    }

    @Test("a killed server is found again when it is back; what waited meanwhile is sent then")
    func restart() async throws {
        let harness = try await ConnectionHarness.connected(server.url)
        server.kill()
        try await harness.events.wait { $0.hasPrefix("lost") }
        try await harness.events.wait { $0.hasPrefix("failed unavailable") }
        async let reply = harness.echo()
        try server.restart()
        #expect(try await reply == "x")
        #expect(harness.events.all.last == "ready")
    }

    @Test("after a time-out the outcome is unknown, and no reply goes to a later command")
    func timeout() async throws {
        let harness = try await ConnectionHarness.connected(server.url)
        server.suspend()
        let failure = await #expect(throws: CommandFailure.self) {
            try await harness.echo("late", within: Self.short)
        }
        guard case .outcomeUnknown? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        // The new connection is accepted by the system, but its first exchange is not answered.
        let waiting = await #expect(throws: CommandFailure.self) {
            try await harness.echo("buffered", within: Self.short)
        }
        guard case .notSent? = waiting else {
            Issue.record("\(String(describing: waiting))")
            return
        }
        server.resume()
        for number in 0..<100 {
            #expect(try await harness.echo("\(number)") == "\(number)")
        }
    }

    @Test("CLIENT KILL")
    func clientKill() async throws {
        let harness = try await ConnectionHarness.connected(server.url)
        let probe = try RedisProbe(port: server.port)
        for _ in 0..<10 {
            _ = try probe.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            try await harness.events.wait { $0.hasPrefix("lost") }
            #expect(try await harness.echoUntilAnswered() == "x")
        }
    }

    @Test("a server that is full is tried again until there is room")
    func maximumClients() async throws {
        let probe = try RedisProbe(port: server.port)
        _ = try probe.command("CONFIG", "SET", "maxclients", "1")
        let harness = try ConnectionHarness(server.url)
        let event = try await harness.events.wait { $0.hasPrefix("failed") }
        #expect(event.hasPrefix("failed unavailable"))
        _ = try probe.command("CONFIG", "SET", "maxclients", "100")
        try await harness.events.wait { $0 == "ready" }
    }

    @Test("replies in pieces of one byte")
    func singleBytes() async throws {
        let proxy = try FaultProxy(forwardingTo: server.port)
        proxy.sendSingleBytes(true)
        let harness = try await ConnectionHarness.connected(proxy.url)
        for number in 0..<200 {
            #expect(try await harness.echo("n\(number)") == "n\(number)")
        }
    }

    @Test("a reply that nobody asked for ends the connection")
    func strayReply() async throws {
        let proxy = try FaultProxy(forwardingTo: server.port)
        let harness = try await ConnectionHarness.connected(proxy.url)
        for text in ["+STRAY\r\n", "HTTP/1.1 400 Bad Request\r\n", "*2147483647\r\n"] {
            proxy.inject(text)
            let event = try await harness.events.wait { $0.hasPrefix("lost") }
            #expect(event.contains("protocol error"))
            try await harness.events.wait { $0 == "ready" }
            #expect(try await harness.echo() == "x")
        }
    }

    @Test("a reply that is lost leaves the outcome unknown")
    func lostReply() async throws {
        let proxy = try FaultProxy(forwardingTo: server.port)
        let harness = try await ConnectionHarness.connected(proxy.url)
        proxy.dropNextReply()
        let failure = await #expect(throws: CommandFailure.self) {
            try await harness.send("HINCRBY", "bellows:n", "f", "1")
        }
        guard case .outcomeUnknown? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(try await harness.sendUntilAnswered("HGET", "bellows:n", "f") == .bytes([UInt8("1".utf8.first ?? 0)]))
    }

    @Test("a connection that is accepted and never answered counts as failed in time")
    func stalledHandshake() async throws {
        let proxy = try FaultProxy(forwardingTo: server.port)
        proxy.stall(true)
        let harness = try ConnectionHarness(proxy.url) { $0.connectTimeout = Self.short }
        let event = try await harness.events.wait { $0.hasPrefix("failed") }
        #expect(event.contains("does not answer"))
        proxy.stall(false)
        try await harness.events.wait { $0 == "ready" }
    }

    @Test("1,000 cuts and resets: each command is answered rightly or fails, and the process lives")
    func cuts() async throws {
        let proxy = try FaultProxy(forwardingTo: server.port)
        var harnesses: [ConnectionHarness] = []
        for _ in 0..<5 { harnesses.append(try await .connected(proxy.url)) }
        var answered = 0
        for round in 0..<200 {
            let outcomes = EventLog<Result<RedisReply, CommandFailure>>()
            for harness in harnesses {
                let command = ConnectionHarness.echo(Array("\(round)".utf8))
                harness.connection.submit(command, deadline: .now + ConnectionHarness.patience) { outcomes.add($0) }
            }
            if round.isMultiple(of: 2) { proxy.cut() } else { proxy.resetAll() }
            for _ in harnesses {
                switch try await outcomes.wait({ _ in true }) {
                case .success(let reply):
                    #expect(reply == .bytes([UInt8]("\(round)".utf8)))
                    answered += 1
                case .failure(.outcomeUnknown): break
                case .failure(let failure): Issue.record("\(failure)")
                }
            }
        }
        for harness in harnesses { #expect(try await harness.echoUntilAnswered() == "x") }
        #expect(proxy.acceptedConnections > 500)
        #expect(answered > 0)
    }

    @Test("a reset that the owner asks for makes a new connection")
    func reset() async throws {
        let harness = try await ConnectionHarness.connected(server.url)
        harness.connection.reset("READONLY")
        try await harness.events.wait { $0 == "lost READONLY" }
        #expect(try await harness.echo() == "x")
    }

    @Test("closing: what was sent has an unknown outcome, what waits was not executed")
    func closing() async throws {
        let harness = try await ConnectionHarness.connected(server.url)
        let log = EventLog<Result<RedisReply, CommandFailure>>()
        harness.connection.submit(RedisCommand("WAIT", "1", "0"), deadline: .now + ConnectionHarness.patience) {
            log.add($0)
        }
        let probe = try RedisProbe(port: server.port)
        try await FixtureWait.until("the server holds the command back") {
            try probe.command("INFO", "clients").text?.contains("blocked_clients:1") == true
        }
        harness.connection.close()
        let outcome = try await log.wait { _ in true }
        #expect(outcome == .failure(.outcomeUnknown("the connection was closed")))

        let lonely = try ConnectionHarness("redis://127.0.0.1:1")
        lonely.connection.submit(RedisCommand("PING"), deadline: .now + ConnectionHarness.patience) { log.add($0) }
        lonely.connection.close()
        #expect(try await log.wait { _ in true } == .failure(.closed))
    }
}
