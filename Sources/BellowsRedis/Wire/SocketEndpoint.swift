/// Something that a socket can be connected to without asking anybody.
enum SocketEndpoint: Sendable, Equatable, CustomStringConvertible {
    /// A numeric address and a port.
    case tcp(address: String, port: UInt16)
    /// A path on this machine.
    case unix(path: String)

    var description: String {
        switch self {
        case .tcp(let address, let port): RedisConfiguration.Address.tcp(host: address, port: port).description
        case .unix(let path): path
        }
    }
}
