/// Which channel is heard on which server. Knows no lock and no connection.
struct SubscriptionPlan: Sendable {
    typealias Node = RedisConfiguration.Node

    /// What to do, in this order.
    enum Action: Equatable, Sendable {
        case subscribe([String], Node)
        case unsubscribe([String], Node)
        /// Nothing is heard there any more.
        case leave(Node)
    }

    private var map = ClusterMap()
    private var wanted: Set<String> = []
    private var places: [Node: Set<String>] = [:]
    private var inForce: Set<Node> = []

    /// Whether every wanted channel is heard.
    var isInForce: Bool {
        !places.isEmpty && places.keys.allSatisfy(inForce.contains)
            && places.values.reduce(0) { $0 + $1.count } == wanted.count
    }

    /// More channels are wanted. Those whose server is not known wait for the next map.
    mutating func want(_ channels: [String]) -> [Action] {
        place(channels.filter { wanted.insert($0).inserted })
    }

    /// Some channels are wanted no more.
    mutating func unwant(_ channels: [String]) -> [Action] {
        remove(channels.filter { wanted.remove($0) != nil })
    }

    /// Servers have changed.
    mutating func adopt(_ map: ClusterMap) -> [Action] {
        self.map = map
        var removals: [Action] = []
        for (node, channels) in places.sorted(by: { $0.key.description < $1.key.description }) {
            let homeless = channels.filter { map.primary(of: HashSlot(of: $0)) != node }
            guard !homeless.isEmpty else { continue }
            places[node]?.subtract(homeless)
            removals.append(.unsubscribe(homeless.sorted(), node))
        }
        let heard = places.values.reduce(into: Set()) { $0.formUnion($1) }
        let additions = place(wanted.subtracting(heard).sorted())
        return removals + additions + leaveEmpty()
    }

    /// All channels of a server are heard.
    mutating func noteInForce(_ node: Node) {
        if places[node] != nil { inForce.insert(node) }
    }

    /// No channel of a server is heard.
    mutating func noteLost(_ node: Node) {
        inForce.remove(node)
    }

    private mutating func place(_ channels: [String]) -> [Action] {
        var groups: [Node: [String]] = [:]
        for channel in channels {
            guard let node = map.primary(of: HashSlot(of: channel)) else { continue }
            groups[node, default: []].append(channel)
        }
        return groups.sorted { $0.key.description < $1.key.description }.map { node, channels in
            places[node, default: []].formUnion(channels)
            inForce.remove(node)
            return .subscribe(channels, node)
        }
    }

    private mutating func remove(_ channels: [String]) -> [Action] {
        var groups: [Node: [String]] = [:]
        for channel in channels {
            guard let node = places.first(where: { $0.value.contains(channel) })?.key else { continue }
            groups[node, default: []].append(channel)
            places[node]?.remove(channel)
        }
        return groups.sorted { $0.key.description < $1.key.description }
            .map { .unsubscribe($0.value.sorted(), $0.key) } + leaveEmpty()
    }

    /// Leaves servers on which nothing is heard any more.
    private mutating func leaveEmpty() -> [Action] {
        let empty = places.filter(\.value.isEmpty).keys
        for node in empty {
            places[node] = nil
            inForce.remove(node)
        }
        return empty.sorted { $0.description < $1.description }.map { .leave($0) }
    }
}
