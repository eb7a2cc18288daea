import Bellows
import BellowsTesting
import Logging
import RedisFixture
import Synchronization

@testable import BellowsRedis

/// A connection under test, and a way to wait for what becomes of it.
final class ConnectionHarness: Sendable {
    /// How long a call may take that is not about time.
    static let patience = MachineLoad.stretched(.seconds(60))

    let loop = EndpointGroup()
    let connection: RedisConnection
    let events: EventLog<String>

    /// Connects to a URL.
    init(_ url: String, change: (inout RedisConfiguration) -> Void = { _ in }) throws {
        var configuration = try RedisConfiguration.patient(url)
        change(&configuration)
        let events = EventLog<String>()
        self.events = events
        connection = RedisConnection(
            configuration: configuration,
            loop: loop,
            name: "test",
            handshake: { [configuration] in HandshakeStep.login(configuration) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onEvent: { event in events.add(Self.describe(event)) }
        )
        connection.start()
    }

    deinit {
        connection.close()
        loop.stop()
    }

    static func connected(_ url: String, change: (inout RedisConfiguration) -> Void = { _ in }) async throws
        -> ConnectionHarness
    {
        let harness = try ConnectionHarness(url, change: change)
        try await harness.events.wait { $0 == "ready" }
        return harness
    }

    func send(_ parts: String..., within: Duration = patience) async throws(CommandFailure) -> RedisReply {
        try await connection.send(RedisCommand(parts), deadline: .now + within)
    }

    /// A command that is answered with these bytes. The user whom the tests work as has no ECHO.
    static func echo(_ bytes: [UInt8]) -> RedisCommand {
        var command = RedisCommand("EVAL", "return ARGV[1]", "0")
        command.append(bytes)
        return command
    }

    /// Sends a text that should come back.
    func echo(_ text: String = "x", within: Duration = patience) async throws(CommandFailure) -> String? {
        let reply = try await connection.send(Self.echo(Array(text.utf8)), deadline: .now + within)
        guard case .bytes(let bytes) = reply else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Sends until it succeeds: what the layer above does, without its patience.
    func sendUntilAnswered(_ parts: String...) async throws -> RedisReply {
        try await untilAnswered { try await self.connection.send(RedisCommand(parts), deadline: .now + Self.patience) }
    }

    /// Sends a text until it comes back.
    func echoUntilAnswered() async throws -> String? {
        try await untilAnswered { try await self.echo() }
    }

    /// Each failure says at once that the connection was lost; nothing here waits for a deadline.
    private func untilAnswered<Answer>(_ send: () async throws -> Answer) async throws -> Answer {
        while true {
            try Task.checkCancellation()
            do { return try await send() } catch is CommandFailure { continue }
        }
    }

    private static func describe(_ event: ConnectionEvent) -> String {
        switch event {
        case .ready: "ready"
        case .lost(let text): "lost \(text)"
        case .failed(let error): "failed \(error.code) \(error.message)"
        case .closed: "closed"
        }
    }
}
