import Bellows

/// What a server of a cluster says of a key that it does not keep.
enum ClusterRedirect: Hashable, Sendable {
    /// The slot is kept there from now on.
    case moved(HashSlot, RedisConfiguration.Node)
    /// The slot is on its way there, and this key has arrived: ask there, this once.
    case ask(RedisConfiguration.Node)

    /// Reads the text of an error, such as `MOVED 3999 127.0.0.1:6381`; nil if it is no redirect.
    init?(_ message: String) {
        let words = message.split(separator: " ")
        guard words.count == 3, words[0] == "MOVED" || words[0] == "ASK", let number = Int(words[1]),
            let slot = HashSlot(number: number), let colon = words[2].lastIndex(of: ":"),
            let port = UInt16(words[2][words[2].index(after: colon)...]), port > 0
        else { return nil }
        // A server that does not know its own address names only the port.
        let host = words[2][..<colon]
        guard !host.isEmpty, host != "?" else { return nil }
        let node = RedisConfiguration.Node(host: String(host), port: port)
        self = words[0] == "MOVED" ? .moved(slot, node) : .ask(node)
    }
}
