import Bellows
import Logging
import RedisFixture
import TestTurns
import Testing

@testable import BellowsRedis

@Suite("Subscription connection", .turn)
struct SubscriptionConnectionTests {
    private let server: RedisServer
    private let loop = EndpointGroup()
    private let events = EventLog<String>()

    init() throws {
        server = try RedisServer.start()
    }

    private func makeSubscription(_ url: String? = nil) throws -> SubscriptionConnection {
        let configuration = try RedisConfiguration.patient(url ?? server.url)
        let events = events
        let subscription = SubscriptionConnection(
            configuration: configuration,
            loop: loop,
            name: "test",
            handshake: { HandshakeStep.login(configuration) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onEvent: { event in
                switch event {
                case .message(let channel, let payload):
                    let text = [channel, payload].map { String(decoding: $0, as: UTF8.self) }
                    events.add("message \(text.joined(separator: " "))")
                case .inForce: events.add("in force")
                case .partInForce: events.add("part in force")
                case .lost: events.add("lost")
                case .failed(let error): events.add("failed \(error.code)")
                case .closed: events.add("closed")
                }
            }
        )
        subscription.start()
        return subscription
    }

    @Test("messages come from all wanted channels, and no more from those given up")
    func messages() async throws {
        let subscription = try makeSubscription()
        defer { subscription.close() }
        subscription.subscribe(["bellows:a", "bellows:b"])
        try await events.wait { $0 == "in force" }
        subscription.subscribe(["bellows:c"])
        try await events.wait { $0 == "in force" }
        let probe = try RedisProbe(port: server.port)
        try await FixtureWait.until("somebody hears") {
            try probe.command("PUBLISH", "bellows:c", "0") == .integer(1)
        }
        #expect(try probe.command("PUBLISH", "bellows:a", "1") == .integer(1))
        #expect(try probe.command("PUBLISH", "bellows:other", "1") == .integer(0))
        try await events.wait { $0 == "message bellows:a 1" }
        subscription.unsubscribe(["bellows:a"])
        try await FixtureWait.until("nobody hears") {
            try probe.command("PUBLISH", "bellows:a", "2") == .integer(0)
        }
        #expect(try probe.command("PUBLISH", "bellows:b", "3") == .integer(1))
        try await events.wait { $0 == "message bellows:b 3" }
    }

    @Test("after CLIENT KILL everything is subscribed again")
    func clientKill() async throws {
        let subscription = try makeSubscription()
        defer { subscription.close() }
        subscription.subscribe((0..<1_500).map { "bellows:c\($0)" })
        try await events.wait { $0 == "in force" }
        let probe = try RedisProbe(port: server.port)
        for round in 0..<5 {
            try await FixtureWait.until("there is something to kill") {
                try probe.command("CLIENT", "KILL", "TYPE", "pubsub") != .integer(0)
            }
            try await events.wait { $0 == "lost" }
            try await events.wait { $0 == "in force" }
            try await FixtureWait.until("somebody hears") {
                try probe.command("PUBLISH", "bellows:c1499", "\(round)") == .integer(1)
            }
            try await events.wait { $0 == "message bellows:c1499 \(round)" }
        }
    }

    @Test("a subscription without a grant is told, and heals when it comes")
    func permissions() async throws {
        let probe = try RedisProbe(port: server.port)
        _ = try probe.command("ACL", "SETUSER", "u", "on", ">p", "+@all", "resetchannels")
        let subscription = try makeSubscription("redis://u:p@127.0.0.1:\(server.port)")
        defer { subscription.close() }
        subscription.subscribe(["bellows:a"])
        try await events.wait { $0 == "failed accessDenied" }
        _ = try probe.command("ACL", "SETUSER", "u", "&bellows:a")
        // Without channels the connection is in force; with the refused one it is not until the grant is there.
        try await FixtureWait.until("somebody hears") {
            try probe.command("PUBLISH", "bellows:a", "1") == .integer(1)
        }
        try await events.wait { $0 == "message bellows:a 1" }
    }

    @Test("swallowed messages do not harm what follows")
    func swallowed() async throws {
        let proxy = try FaultProxy(forwardingTo: server.port)
        let subscription = try makeSubscription(proxy.url)
        defer { subscription.close() }
        subscription.subscribe(["bellows:a"])
        try await events.wait { $0 == "in force" }
        let probe = try RedisProbe(port: server.port)
        proxy.swallowPubSubMessages(true)
        try await FixtureWait.until("somebody hears") {
            try probe.command("PUBLISH", "bellows:a", "lost") == .integer(1)
        }
        subscription.reset("probe lost")
        try await events.wait { $0 == "lost" }
        proxy.swallowPubSubMessages(false)
        try await events.wait { $0 == "in force" }
        _ = try probe.command("PUBLISH", "bellows:a", "found")
        try await events.wait { $0 == "message bellows:a found" }
        #expect(!events.all.contains("message bellows:a lost"))
    }
}
