import Bellows
import Logging
import Synchronization

/// Hands what comes in on the subscription connection to subscribers, and looks for what may have been missed.
///
/// A signal is a hint. After every gap subscribers get the signal to look for themselves, once a sweep has shown that
/// the server answers; and every 25 to 30 seconds one call probes the channel and looks through the definitions.
final class SignalListener: Sendable {
    struct State {
        var roster = SignalRoster()
        var probe = SignalProbe()
        /// The definitions of the channels that somebody listens to.
        var wakeChannels: [[UInt8]: TaskName] = [:]
        var lastNumber: UInt64 = 0
        /// Made for the first subscription: a process that only publishes has no second connection.
        var line: (any SignalTransport)?
        /// The definitions whose inbox is heard, where each has one of its own.
        var inboxes: Set<TaskName> = []
        var gap: SignalGap
        var isClosed = false
        var timer: TimerToken?
        /// The definitions whose wake-ups are being handed on.
        var handedOn: Set<TaskName> = []
    }

    let operations: RedisOperations
    let logger: Logger
    let state: Mutex<State>
    private let makeTransport: MakeTransport

    /// Makes the way of messages to us, which is not started yet.
    typealias MakeTransport =
        @Sendable (@escaping @Sendable (SubscriptionConnection.SubscriptionEvent) -> Void) -> any SignalTransport

    init(_ operations: RedisOperations, logger: Logger, makeTransport: @escaping MakeTransport) {
        self.operations = operations
        self.logger = logger
        self.makeTransport = makeTransport
        state = Mutex(State(gap: SignalGap(isDivided: operations.keys.isSharded)))
    }

    var timeSource: any TimeSource { operations.runner.timeSource }

    /// Adds a subscriber. It gets the signal to look for itself as soon as nothing can be missed any more.
    func subscribe(to topics: [SignalTopic]) throws(BellowsError) -> SignalSubscription {
        let subscription = state.withLock { state -> SignalSubscription? in
            guard !state.isClosed else { return nil }
            state.lastNumber += 1
            let number = state.lastNumber
            let subscription = SignalSubscription { [weak self] in self?.remove(number) }
            let names = state.roster.add(subscription, number: number, topics: topics)
            // Under the lock, because channels have to be added and removed in the order of the roster's changes.
            let line = state.line ?? makeTransport(&state)
            var channels = names.map(operations.keys.wakeChannel(of:))
            for (name, channel) in zip(names, channels) { state.wakeChannels[Array(channel.utf8)] = name }
            if operations.keys.isSharded {
                // It is kept: a process that has awaited one result is likely to await another one.
                for name in topics.map(\.definition) where state.inboxes.insert(name).inserted {
                    channels.append(operations.keys.inbox(of: operations.process, for: name))
                }
            }
            if !channels.isEmpty { line.subscribe(channels) }
            if state.gap.isInForce { subscription.send(.checkEverything) }
            if state.timer == nil { armTimer(&state) }
            return subscription
        }
        guard let subscription else { throw BellowsError(.closed, "the backend was closed") }
        return subscription
    }

    /// For how long subscribers may have been missing something; nil if they are not.
    var gap: Duration? {
        state.withLock { $0.gap.began.map { timeSource.now - $0 } }
    }

    /// Makes the connection again, if there is one.
    func reconnectNow(_ reason: String) {
        state.withLock(\.line)?.reconnectNow(reason)
    }

    /// Ends all subscriptions and the connection.
    func close() {
        let (subscriptions, timer) = state.withLock { state in
            state.isClosed = true
            state.line?.close()
            defer { state.timer = nil }
            return (state.roster.subscriptions, state.timer)
        }
        if let timer { timeSource.cancel(timer) }
        for subscription in subscriptions { subscription.cancel() }
    }

    private func makeTransport(_ state: inout State) -> any SignalTransport {
        state.gap.open(at: timeSource.now)
        let line = makeTransport { [weak self] in self?.handle($0) }
        state.line = line
        if !operations.keys.isSharded { line.subscribe([operations.keys.inbox(of: operations.process, for: nil)]) }
        line.start()
        return line
    }

    private func remove(_ number: UInt64) {
        let names = state.withLock { state in
            let names = state.roster.remove(number)
            guard !names.isEmpty else { return names }
            let channels = names.map(operations.keys.wakeChannel(of:))
            for channel in channels { state.wakeChannels[Array(channel.utf8)] = nil }
            state.line?.unsubscribe(channels)
            return state.isClosed ? [] : names
        }
        leave(names)
    }

    /// The payload of a wake-up for something that is due now.
    private static let atOnce = Array("0".utf8)

    private func handle(_ event: SubscriptionConnection.SubscriptionEvent) {
        switch event {
        case .message(let channel, let payload):
            // The usual message, without making text of it.
            if payload == Self.atOnce, let name = state.withLock({ $0.wakeChannels[channel] }) {
                return send(.available(name))
            }
            switch SignalMessage(channel: channel, payload: payload, keys: operations.keys) {
            case .signal(let signal): send(signal)
            case .results(let announcements):
                let receivers = state.withLock { state in
                    announcements.flatMap { announcement in
                        let signal = BackendSignal.resultReady(announcement)
                        return state.roster.receivers(of: signal).map { ($0, signal) }
                    }
                }
                for (subscription, signal) in receivers { subscription.send(signal) }
            case .secondLook(let name): lookLater(at: name)
            case .probe(let text): state.withLock { $0.probe.received(text) }
            case nil: break
            }
        case .inForce:
            closeGap(all: true)
        case .partInForce: closeGap(all: false)
        case .lost, .failed, .closed:
            state.withLock { state in
                state.gap.open(at: timeSource.now)
                state.probe.cancel()
            }
        }
    }

    /// Sends a signal to whom it concerns.
    func send(_ signal: BackendSignal) {
        // Subscriptions leave the lock before they are used: letting go of the last reference to one calls `remove`.
        let receivers = state.withLock { $0.roster.receivers(of: signal) }
        for subscription in receivers { subscription.send(signal) }
        if receivers.isEmpty, case .availableHere(let name) = signal { forwardUnheard(name) }
    }
}
