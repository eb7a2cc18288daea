import DequeModule

/// Knows which channels are wanted, which the server has confirmed, and what a frame on a subscribed connection means.
struct SubscriptionStateMachine: Sendable {
    /// More channels than this go into several commands.
    static let channelsPerCommand = 1_000

    /// What to do, or what a frame means.
    enum Action: Sendable, Equatable {
        /// Send SUBSCRIBE with these channels.
        case subscribe([String])
        /// Send UNSUBSCRIBE with these channels.
        case unsubscribe([String])
        /// A message for the owner.
        case deliver(channel: [UInt8], payload: [UInt8])
        /// Every wanted channel is confirmed.
        case inForce
        /// The server does not let us have a channel.
        case refused(RedisServerError)
        /// The server does not keep the slot of a channel any more.
        case moved
        /// The frame makes no sense; the connection has to end.
        case violation(String)
    }

    private enum Request: Equatable {
        case subscribe(String)
        case unsubscribe(String)
    }

    /// Whether channels belong to slots of a cluster.
    private let isSharded: Bool
    private var wanted: Set<String> = []
    private var confirmed: Set<String> = []
    /// What the server has not confirmed yet, in the order in which it was sent.
    private var requests: Deque<Request> = []
    private var isConnected = false
    /// Whether the owner has to hear once that everything is confirmed.
    private var owesInForce = false

    init(isSharded: Bool = false) {
        self.isSharded = isSharded
    }

    /// Whether the server still has to confirm something.
    var isWaiting: Bool { !requests.isEmpty }

    /// The owner wants more channels. Nothing happens for those that it has.
    mutating func want(_ channels: [String]) -> [Action] {
        let new = channels.filter { wanted.insert($0).inserted }
        guard isConnected else { return [] }
        guard !new.isEmpty else { return [] }
        owesInForce = true
        return request(new)
    }

    /// The owner wants some channels no more.
    mutating func unwant(_ channels: [String]) -> [Action] {
        let old = channels.filter { wanted.remove($0) != nil }
        guard isConnected, !old.isEmpty else { return [] }
        let chunks = chunks(of: old)
        for channel in chunks.joined() { requests.append(.unsubscribe(channel)) }
        return chunks.map(Action.unsubscribe)
    }

    /// A new connection is ready; it has no subscriptions.
    mutating func connected() -> [Action] {
        isConnected = true
        confirmed = []
        requests = []
        owesInForce = true
        return wanted.isEmpty ? settle() : request(wanted.sorted())
    }

    /// The connection has ended.
    mutating func disconnected() {
        isConnected = false
        confirmed = []
        requests = []
        owesInForce = false
    }

    /// Takes a frame.
    mutating func received(_ reply: RedisReply) -> [Action] {
        switch reply {
        case .array(let parts): return receivedArray(parts)
        case .error(let error): return [isSharded && error.category == .redirect ? .moved : .refused(error)]
        default: return [.violation("a reply that is no frame of a subscription")]
        }
    }

    private mutating func receivedArray(_ parts: [RedisReply]) -> [Action] {
        guard case .bytes(let kind)? = parts.first, parts.count >= 2, case .bytes(let second) = parts[1] else {
            return [.violation("a frame without a kind")]
        }
        // Frames of channels that belong to slots are called the same, with an s in front.
        let isOfSlot = isSharded && kind.first == UInt8(ascii: "s") && kind != Self.subscribe
        switch (isOfSlot ? Array(kind.dropFirst()) : kind, parts.count) {
        case (Self.message, 3):
            guard case .bytes(let payload) = parts[2] else { return [.violation("a message without a payload")] }
            return [.deliver(channel: second, payload: payload)]
        case (Self.subscribe, 3): return confirm(second, isSubscribe: true)
        case (Self.unsubscribe, 3): return confirm(second, isSubscribe: false)
        case (Self.pong, 2): return []
        default: return [.violation("a frame of an unknown kind")]
        }
    }

    private mutating func confirm(_ channel: [UInt8], isSubscribe: Bool) -> [Action] {
        let name = String(decoding: channel, as: UTF8.self)
        let expected: Request = isSubscribe ? .subscribe(name) : .unsubscribe(name)
        guard requests.first == expected else {
            // Unasked, if the slot has left the server.
            return [isSharded && !isSubscribe ? .moved : .violation("a confirmation of something else")]
        }
        requests.removeFirst()
        if isSubscribe { confirmed.insert(name) } else { confirmed.remove(name) }
        return settle()
    }

    private mutating func request(_ channels: [String]) -> [Action] {
        let chunks = chunks(of: channels)
        for channel in chunks.joined() { requests.append(.subscribe(channel)) }
        return chunks.map(Action.subscribe)
    }

    private mutating func settle() -> [Action] {
        guard owesInForce, requests.isEmpty, confirmed.isSuperset(of: wanted) else { return [] }
        owesInForce = false
        return [.inForce]
    }

    /// What goes into one command: channels of one slot, if they belong to slots.
    private func chunks(of channels: [String]) -> [[String]] {
        let groups =
            isSharded ? Dictionary(grouping: channels) { HashSlot(of: $0) }.values.sorted { $0[0] < $1[0] } : [channels]
        return groups.flatMap { group in
            stride(from: 0, to: group.count, by: Self.channelsPerCommand).map {
                Array(group[$0..<min($0 + Self.channelsPerCommand, group.count)])
            }
        }
    }

    private static let message = [UInt8]("message".utf8)
    private static let subscribe = [UInt8]("subscribe".utf8)
    private static let unsubscribe = [UInt8]("unsubscribe".utf8)
    private static let pong = [UInt8]("pong".utf8)
}
