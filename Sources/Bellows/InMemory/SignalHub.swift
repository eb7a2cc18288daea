import Synchronization

/// Hands signals to the subscriptions of one process. Each subscription coalesces, so nothing here grows with traffic.
final class SignalHub: Sendable {
    private struct Member {
        weak var subscription: SignalSubscription?
        let topics: Set<SignalTopic>
    }

    private struct State {
        var members: [UInt64: Member] = [:]
        var byTopic: [SignalTopic: Set<UInt64>] = [:]
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Adds a subscription, which lives for as long as its reader holds it.
    func subscribe(to topics: [SignalTopic]) -> SignalSubscription {
        let topics = Set(topics)
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        let subscription = SignalSubscription { [weak self] in self?.remove(number) }
        state.withLock { state in
            state.members[number] = Member(subscription: subscription, topics: topics)
            for topic in topics { state.byTopic[topic, default: []].insert(number) }
        }
        subscription.send(.checkEverything)
        return subscription
    }

    /// Sends signals to whom they concern; a checkEverything concerns everybody.
    func send(_ signals: [BackendSignal]) {
        for signal in signals {
            // Subscriptions leave the lock before they are used: releasing the last reference to one calls `remove`.
            let receivers = state.withLock { state -> [SignalSubscription] in
                let numbers = topic(of: signal).map { state.byTopic[$0] ?? [] } ?? Set(state.members.keys)
                return numbers.compactMap { state.members[$0]?.subscription }
            }
            for receiver in receivers { receiver.send(signal) }
        }
    }

    /// How many subscriptions are alive.
    var count: Int { state.withLock(\.members.count) }

    private func topic(of signal: BackendSignal) -> SignalTopic? {
        switch signal {
        case .available(let name), .availableHere(let name), .due(let name, _): .tasks(name)
        case .resultReady(let announcement): .result(announcement.id, of: announcement.name)
        case .cancellation(let notice): .tasks(notice.name)
        case .checkEverything: nil
        }
    }

    private func remove(_ number: UInt64) {
        state.withLock { state in
            guard let member = state.members.removeValue(forKey: number) else { return }
            for topic in member.topics {
                state.byTopic[topic]?.remove(number)
                if state.byTopic[topic]?.isEmpty == true { state.byTopic[topic] = nil }
            }
        }
    }
}
