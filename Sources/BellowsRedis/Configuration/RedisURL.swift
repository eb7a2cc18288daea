import Bellows

/// The parts of a URL that names a Redis server.
///
/// Errors say which part is wrong and never quote it, because it may hold the password.
struct RedisURL: Equatable {
    var address: RedisConfiguration.Address
    var username: String?
    var password: String?
    var database = 0
    /// Whether it asks for TLS.
    var isEncrypted = false

    init(_ text: String) throws(BellowsError) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), let colon = text.firstRange(of: "://") else {
            throw Self.error("is not of the form redis://HOST:PORT/DATABASE or unix:///PATH")
        }
        let scheme = text[..<colon.lowerBound].lowercased()
        let rest = text[colon.upperBound...]
        guard !rest.contains("#") else { throw Self.error("has a part after #; write # in a password as %23") }
        switch scheme {
        case "redis", "tcp", "rediss": self = try Self(tcp: rest)
        case "unix", "redis+unix": self = try Self(unix: rest)
        case "redis-sentinel", "redis+sentinel", "rediss-sentinel": self = try Self(sentinel: rest)
        case "redis-cluster", "rediss-cluster": self = try Self(cluster: rest)
        default:
            throw Self.error(
                "must begin with redis://, redis-sentinel://, redis-cluster://, rediss:// (TLS) or unix://"
            )
        }
        guard scheme.hasPrefix("rediss") else { return }
        #if TLS
            isEncrypted = true
        #else
            throw Self.error("asks for TLS, which this build does not have: enable the package trait TLS")
        #endif
    }

    private init(tcp rest: Substring) throws(BellowsError) {
        guard !rest.contains("?") else { throw Self.error("has parameters after ?; redis:// takes none") }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let (user, secret, host) = try Self.splitUserInfo(rest[..<slash])
        address = try Self.hostAndPort(host)
        (username, password) = (user, secret)
        let path = rest[slash...].dropFirst()
        if !path.isEmpty { database = try Self.number(path, what: "the database") }
    }

    private init(sentinel rest: Substring) throws(BellowsError) {
        guard !rest.contains("?") else { throw Self.error("has parameters after ?; redis-sentinel:// takes none") }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let (user, secret, hosts) = try Self.splitUserInfo(rest[..<slash])
        let sentinels = try Self.nodes(hosts, defaultPort: 26379)
        let (name, number) = Self.split(rest[slash...].dropFirst(), at: "/")
        let service = try Self.decoded(name, what: "the service")
        guard !service.isEmpty, service.utf8.count <= 200 else {
            throw Self.error("names no service, as in redis-sentinel://HOST:26379,HOST:26379/SERVICE")
        }
        address = .sentinel(sentinels, service: service)
        (username, password) = (user, secret)
        if let number, !number.isEmpty { database = try Self.number(number, what: "the database") }
    }

    private init(cluster rest: Substring) throws(BellowsError) {
        let end = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) ?? rest.endIndex
        guard rest[end...].isEmpty || rest[end...] == "/" else {
            throw Self.error("has something behind the servers; a cluster has no databases")
        }
        let (user, secret, hosts) = try Self.splitUserInfo(rest[..<end])
        address = .cluster(try Self.nodes(hosts, defaultPort: 6379))
        (username, password) = (user, secret)
    }

    private init(unix rest: Substring) throws(BellowsError) {
        let question = rest.firstIndex(of: "?") ?? rest.endIndex
        let slash = rest.firstIndex(of: "/") ?? question
        let (user, secret, host) = try Self.splitUserInfo(rest[..<min(slash, question)])
        guard host.isEmpty, slash < question else {
            throw Self.error("needs an absolute path, as in unix:///run/redis")
        }
        let path = try Self.decoded(rest[slash..<question], what: "the path")
        guard path.utf8.count <= 100 else { throw Self.error("has a path longer than 100 bytes") }
        address = .unix(path: path)
        (username, password) = (user, secret)
        for parameter in rest[question...].dropFirst().split(separator: "&", omittingEmptySubsequences: true) {
            let (name, value) = Self.split(parameter, at: "=")
            switch name {
            case "db": database = try Self.number(value ?? "", what: "the database")
            case "user":
                let name = try Self.decoded(value ?? "", what: "the user")
                guard !name.isEmpty else { throw Self.error("has a parameter user without a value") }
                username = name
            default: throw Self.error("has a parameter other than db and user")
            }
        }
    }

    private static func splitUserInfo(
        _ authority: Substring
    ) throws(BellowsError) -> (user: String?, password: String?, host: Substring) {
        guard let at = authority.lastIndex(of: "@") else { return (nil, nil, authority) }
        let (user, password) = split(authority[..<at], at: ":")
        let name = try decoded(user, what: "the user")
        var secret: String?
        if let password { secret = try decoded(password, what: "the password") }
        return (
            name.isEmpty ? nil : name, secret?.isEmpty == true ? nil : secret, authority[authority.index(after: at)...]
        )
    }

    private static func nodes(
        _ text: Substring,
        defaultPort: UInt16
    ) throws(BellowsError) -> [RedisConfiguration.Node] {
        var nodes: [RedisConfiguration.Node] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard case .tcp(let host, let port) = try hostAndPort(part, defaultPort: defaultPort) else { continue }
            nodes.append(RedisConfiguration.Node(host: host, port: port))
        }
        return nodes
    }

    private static func hostAndPort(
        _ text: Substring,
        defaultPort: UInt16 = 6379
    ) throws(BellowsError) -> RedisConfiguration.Address {
        var host = text
        var port: Substring = ""
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { throw error("has a [ without a ]") }
            host = text[text.index(after: text.startIndex)..<end]
            port = text[text.index(after: end)...]
            guard host.contains(":") else { throw error("has no IPv6 address between [ and ]") }
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[colon...]
            guard port.dropFirst().allSatisfy({ $0 != ":" }) else {
                throw error("has an IPv6 address without [ and ], or a port that is not a number")
            }
        }
        guard !host.isEmpty else { throw error("names no host") }
        guard host.utf8.count <= 255, host.utf8.allSatisfy(isHostByte) else { throw error("has an invalid host name") }
        guard !port.isEmpty else { return .tcp(host: String(host), port: defaultPort) }
        guard port.first == ":", let value = UInt16(exactly: try number(port.dropFirst(), what: "the port")), value > 0
        else { throw error("has a port outside 1 to 65535") }
        return .tcp(host: String(host), port: value)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: ":"), UInt8(ascii: "%"):
            true
        default: false
        }
    }

    private static func number(_ text: Substring, what: String) throws(BellowsError) -> Int {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = Int(text)
        else { throw error("has a wrong number for \(what)") }
        return value
    }

    private static func decoded(_ text: Substring, what: String) throws(BellowsError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else {
                throw error("has a % without two hexadecimal digits in \(what); write % as %25")
            }
            bytes.append(high << 4 | low)
        }
        guard let result = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw error("has no valid text for \(what)")
        }
        return result
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func split(_ text: Substring, at mark: Character) -> (Substring, Substring?) {
        guard let index = text.firstIndex(of: mark) else { return (text, nil) }
        return (text[..<index], text[text.index(after: index)...])
    }

    private static func error(_ text: String) -> BellowsError {
        BellowsError(.invalidConfiguration, "the Redis URL \(text)")
    }
}
