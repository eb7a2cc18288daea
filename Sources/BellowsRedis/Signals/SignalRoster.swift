import Bellows

/// Who listens for what. Knows no lock and no connection.
///
/// It holds subscriptions weakly: one that its reader has let go is no longer served.
struct SignalRoster {
    private struct Member {
        weak var subscription: SignalSubscription?
        let topics: Set<SignalTopic>
    }

    private var members: [UInt64: Member] = [:]
    private var listeners: [SignalTopic: Set<UInt64>] = [:]

    /// Whether nobody listens.
    var isEmpty: Bool { members.isEmpty }

    /// All living subscriptions.
    var subscriptions: [SignalSubscription] { members.values.compactMap(\.subscription) }

    /// The definitions that somebody wants the tasks of.
    var names: [TaskName] {
        listeners.keys.compactMap { topic in
            if case .tasks(let name) = topic { name } else { nil }
        }
    }

    /// Whether somebody wants the tasks of a definition.
    func wantsTasks(of name: TaskName) -> Bool { listeners[.tasks(name)] != nil }

    /// The tasks whose results are awaited.
    var awaited: [TaskName: [TaskID]] {
        var result: [TaskName: [TaskID]] = [:]
        for case .result(let id, let name) in listeners.keys { result[name, default: []].append(id) }
        return result
    }

    /// Adds a subscription.
    ///
    /// - Parameter number: one that no other subscription has.
    /// - Returns: definitions that nobody wanted the tasks of before.
    mutating func add(_ subscription: SignalSubscription, number: UInt64, topics: [SignalTopic]) -> [TaskName] {
        let topics = Set(topics)
        members[number] = Member(subscription: subscription, topics: topics)
        return topics.compactMap { topic in
            let isNew = listeners[topic] == nil
            listeners[topic, default: []].insert(number)
            guard isNew, case .tasks(let name) = topic else { return nil }
            return name
        }
    }

    /// Removes a subscription.
    ///
    /// - Returns: definitions that nobody wants the tasks of any more.
    mutating func remove(_ number: UInt64) -> [TaskName] {
        guard let member = members.removeValue(forKey: number) else { return [] }
        return member.topics.compactMap { topic in
            listeners[topic]?.remove(number)
            guard listeners[topic]?.isEmpty == true else { return nil }
            listeners[topic] = nil
            guard case .tasks(let name) = topic else { return nil }
            return name
        }
    }

    /// Whom a signal concerns.
    func receivers(of signal: BackendSignal) -> [SignalSubscription] {
        let topic: SignalTopic
        switch signal {
        case .available(let name), .availableHere(let name), .due(let name, _): topic = .tasks(name)
        case .resultReady(let announcement): topic = .result(announcement.id, of: announcement.name)
        case .cancellation(let notice): topic = .tasks(notice.name)
        case .checkEverything: return subscriptions
        }
        return (listeners[topic] ?? []).compactMap { members[$0]?.subscription }
    }
}
