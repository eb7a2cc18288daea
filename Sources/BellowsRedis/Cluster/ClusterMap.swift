import Bellows

/// Which server of a cluster keeps which slots.
struct ClusterMap: Equatable, Sendable {
    typealias Node = RedisConfiguration.Node

    /// For each slot the place of its server in `nodes`, or -1.
    private var owners = [Int16](repeating: -1, count: HashSlot.count)
    private var nodes: [Node] = []

    /// A map on which nobody keeps anything.
    init() {}

    /// Reads the answer to CLUSTER SLOTS.
    ///
    /// - Parameters:
    ///   - reply: the answer.
    ///   - host: where it came from, for servers that do not know their own address; nil if that is not known.
    /// - Returns: nil if it makes no sense.
    init?(slots reply: RedisReply, from host: String?) {
        // More ranges than slots overlap.
        guard let ranges = reply.asArray, ranges.count <= HashSlot.count else { return nil }
        for range in ranges {
            guard let parts = range.asArray, parts.count >= 3, let first = parts[0].asNumber,
                let last = parts[1].asNumber, let primary = parts[2].asArray, primary.count >= 2,
                0 <= first, first <= last, last < HashSlot.count,
                let port = primary[1].asNumber.flatMap(UInt16.init(exactly:)), port > 0
            else { return nil }
            let named = primary[0].asText.flatMap { $0.isEmpty || $0 == "?" ? nil : $0 }
            guard let host = named ?? host, let index = place(of: Node(host: host, port: port)) else { continue }
            for slot in Int(first)...Int(last) { owners[slot] = index }
        }
    }

    /// The servers that keep anything.
    var primaries: [Node] {
        var isOwner = [Bool](repeating: false, count: nodes.count)
        for owner in owners where owner >= 0 { isOwner[Int(owner)] = true }
        return nodes.indices.filter { isOwner[$0] }.map { nodes[$0] }
    }

    /// Whether each slot is kept by somebody.
    var isComplete: Bool { owners.allSatisfy { $0 >= 0 } }

    /// Whether nobody keeps anything.
    var isEmpty: Bool { owners.allSatisfy { $0 < 0 } }

    /// The server that keeps a slot; nil if none does.
    func primary(of slot: HashSlot) -> Node? {
        let owner = owners[slot.number]
        return owner < 0 ? nil : nodes[Int(owner)]
    }

    /// A slot is kept by another server.
    mutating func move(_ slot: HashSlot, to node: Node) {
        if let index = place(of: node) { owners[slot.number] = index }
    }

    /// Nil if there are more servers than any cluster has; the next map is read again.
    private mutating func place(of node: Node) -> Int16? {
        if let index = nodes.firstIndex(of: node) { return Int16(exactly: index) }
        guard let index = Int16(exactly: nodes.count) else { return nil }
        nodes.append(node)
        return index
    }
}
