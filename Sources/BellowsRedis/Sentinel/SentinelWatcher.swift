import Bellows
import BellowsRuntime
import Logging
import Synchronization

/// Hears from a Sentinel when the primary of a service changes, so that a primary that hangs without closing its
/// connections is left as soon as the Sentinels have found another one.
///
/// One Sentinel at a time, and another one when that goes. Nothing depends on it: every loss and every refusal leads
/// to the Sentinels too.
final class SentinelWatcher: Sendable {
    private struct State {
        var connection: SubscriptionConnection?
        var timer: TimerToken?
        var next: Int
        var isClosed = false
    }

    /// The pause before the next Sentinel is tried.
    private static let pause = Duration.seconds(1)
    private static let channel = "+switch-master"

    private let configuration: RedisConfiguration
    private let sentinels: [RedisConfiguration.Node]
    private let service: String
    private let loop: EndpointGroup
    private let onSwitch: @Sendable (String) -> Void
    private let state: Mutex<State>

    /// Makes a watcher that does nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: how to reach the servers; nil comes of one without Sentinels.
    ///   - loop: the thread that does the work.
    ///   - onSwitch: gets the reason why connections should be made again, on the event loop.
    init?(_ configuration: RedisConfiguration, loop: EndpointGroup, onSwitch: @escaping @Sendable (String) -> Void) {
        guard case .sentinel(let sentinels, let service) = configuration.address, !sentinels.isEmpty else { return nil }
        self.configuration = configuration
        self.sentinels = sentinels
        self.service = service
        self.loop = loop
        self.onSwitch = onSwitch
        state = Mutex(State(next: Int.random(in: sentinels.indices)))
    }

    /// Begins to listen.
    func start() {
        let connection = state.withLock { state -> SubscriptionConnection? in
            guard !state.isClosed else { return nil }
            let sentinel = sentinels[state.next]
            state.next = (state.next + 1) % sentinels.count
            let configuration = configuration.ofSentinel(sentinel)
            let connection = SubscriptionConnection(
                configuration: configuration,
                loop: loop,
                name: "sentinel",
                handshake: { HandshakeStep.login(configuration) },
                logger: .silent,
                onEvent: { [weak self] in self?.handle($0) }
            )
            state.connection = connection
            return connection
        }
        connection?.subscribe([Self.channel])
        connection?.start()
    }

    /// Ends it for good.
    func close() {
        let (connection, timer) = state.withLock { state in
            state.isClosed = true
            defer { (state.connection, state.timer) = (nil, nil) }
            return (state.connection, state.timer)
        }
        connection?.close()
        if let timer { EventLoop.shared.cancel(timer) }
    }

    private func handle(_ event: SubscriptionConnection.SubscriptionEvent) {
        switch event {
        case .message(_, let payload):
            guard let primary = Self.newPrimary(of: service, in: payload) else { return }
            SentinelNews.shared.note(primary, of: configuration.address, at: EventLoop.shared.now)
            onSwitch("the Sentinels have made \(ErrorText.sanitize(primary.description)) the primary")
        case .inForce, .partInForce, .closed: break
        case .lost, .failed: moveOn()
        }
    }

    /// Tries another Sentinel, after a pause.
    private func moveOn() {
        let old = state.withLock { state -> SubscriptionConnection? in
            guard let connection = state.connection else { return nil }
            state.connection = nil
            state.timer = EventLoop.shared.schedule(at: EventLoop.shared.now + Self.pause) { [weak self] in
                self?.start()
            }
            return connection
        }
        old?.close()
    }

    /// Reads a message, which is a service, its old host and port, and the new ones; nil if it is about another
    /// service.
    static func newPrimary(of service: String, in payload: [UInt8]) -> RedisConfiguration.Node? {
        let words = String(decoding: payload, as: UTF8.self).split(separator: " ")
        guard words.count == 5, words[0] == service, let port = UInt16(words[4]) else { return nil }
        return RedisConfiguration.Node(host: String(words[3]), port: port)
    }
}
