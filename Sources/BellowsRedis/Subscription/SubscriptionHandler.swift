import Bellows

/// A subscription on the event loop: performs what its state machine decides.
struct SubscriptionHandler: ChannelHandler {
    private let mailbox: SubscriptionMailbox
    private let timeout: Duration
    private let onEvent: @Sendable (SubscriptionConnection.SubscriptionEvent) -> Void
    private let isSharded: Bool
    private var machine: SubscriptionStateMachine
    private var commands: [RedisCommand] = []
    private var confirmationDeadline: ContinuousClock.Instant?
    private var isReady = false

    init(
        mailbox: SubscriptionMailbox,
        timeout: Duration,
        isSharded: Bool = false,
        onEvent: @escaping @Sendable (SubscriptionConnection.SubscriptionEvent) -> Void
    ) {
        self.mailbox = mailbox
        self.timeout = timeout
        self.isSharded = isSharded
        machine = SubscriptionStateMachine(isSharded: isSharded)
        self.onEvent = onEvent
    }

    var bringsSignals: Bool { true }
    /// Signals come when they come.
    var expectsAnswer: Bool { false }
    var nextDeadline: ContinuousClock.Instant? { confirmationDeadline }

    mutating func connectionBegan(sent: Int, now: ContinuousClock.Instant) {
        isReady = true
        _ = perform(machine.connected(), now)
    }

    mutating func takeNews(now: ContinuousClock.Instant) {
        for wish in mailbox.take() {
            switch wish {
            case .subscribe(let channels): _ = perform(machine.want(channels), now)
            case .unsubscribe(let channels): _ = perform(machine.unwant(channels), now)
            }
        }
    }

    mutating func fill(_ output: inout OutputBuffer, now: ContinuousClock.Instant) {
        takeNews(now: now)
        guard output.isEmpty, !commands.isEmpty else { return }
        let waiting = commands
        commands = []
        output.refill { bytes in
            for command in waiting { _ = HiredisDriver.withFormatted(command) { bytes.append(contentsOf: $0) } }
        }
    }

    mutating func received(_ reply: RedisReply, sent: Int, now: ContinuousClock.Instant) -> ReplyVerdict {
        perform(machine.received(reply), now)
    }

    mutating func expire(now: ContinuousClock.Instant) -> String? {
        guard let deadline = confirmationDeadline, deadline <= now else { return nil }
        confirmationDeadline = nil
        return "Redis has not confirmed a subscription in time"
    }

    mutating func connectionEnded(_ reason: String, output: OutputBuffer) {
        isReady = false
        commands = []
        confirmationDeadline = nil
        machine.disconnected()
    }

    mutating func report(_ event: ConnectionEvent) {
        switch event {
        case .ready: break
        case .lost(let reason): onEvent(.lost(reason))
        case .failed(let error): onEvent(.failed(error))
        case .closed: onEvent(.closed)
        }
    }

    private mutating func perform(
        _ actions: [SubscriptionStateMachine.Action],
        _ now: ContinuousClock.Instant
    ) -> ReplyVerdict {
        confirmationDeadline = machine.isWaiting ? now + timeout : nil
        for action in actions {
            switch action {
            case .subscribe(let channels):
                commands.append(RedisCommand([isSharded ? "SSUBSCRIBE" : "SUBSCRIBE"] + channels))
            case .unsubscribe(let channels):
                commands.append(RedisCommand([isSharded ? "SUNSUBSCRIBE" : "UNSUBSCRIBE"] + channels))
            case .deliver(let channel, let payload): onEvent(.message(channel: channel, payload: payload))
            case .inForce: onEvent(.inForce)
            case .moved: return .refused(BellowsError(.unavailable, "a slot is kept by another server now"))
            case .refused(let error): return .refused(error.backendError)
            case .violation(let text): return .violation(text)
            }
        }
        return .accepted
    }
}
