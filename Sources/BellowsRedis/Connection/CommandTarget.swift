/// Which server a command is for. Where there is only one, all of them mean that one.
enum CommandTarget: Hashable, Sendable {
    /// The server that keeps a key.
    case key(String)
    /// A server of a cluster.
    case node(RedisConfiguration.Node)
    /// A server to which a slot is on its way, and which takes a command for it only after ASKING.
    case asking(RedisConfiguration.Node)
    /// Any server.
    case any
}

extension CommandTarget: CustomStringConvertible {
    /// The server, or what is known of it.
    var description: String {
        switch self {
        case .key(let key): "the server of \(key)"
        case .node(let node), .asking(let node): node.description
        case .any: "the server"
        }
    }
}
