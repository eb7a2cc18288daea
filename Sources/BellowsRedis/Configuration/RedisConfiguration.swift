public import Bellows

/// Where Redis is, who we are there, and how long we wait for it.
///
/// Settings are checked when a backend is made of them, with the code `BellowsError.Code.invalidConfiguration`.
///
/// The password never appears in a description, in a dump, or in an error.
public struct RedisConfiguration: Hashable, Sendable {
    /// How to reach the server.
    @nonexhaustive
    public enum Address: Hashable, Sendable, CustomStringConvertible {
        /// A host name or a numeric address, and a port.
        case tcp(host: String, port: UInt16)
        /// The path of a socket on this machine.
        case unix(path: String)
        /// Whatever these Sentinels say is the primary of a service. They are asked before each attempt to connect.
        case sentinel([Node], service: String)
        /// A Redis Cluster (version 7 or later), which these servers, or any of them, tell more about.
        case cluster([Node])

        /// The host, if it is a server with one.
        var host: String? {
            if case .tcp(let host, _) = self { host } else { nil }
        }

        /// `host:port`, the path, the service and its Sentinels, or the cluster's servers.
        public var description: String {
            switch self {
            case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
            case .unix(let path): path
            case .sentinel(let sentinels, let service):
                "\(service) of the Sentinels \(sentinels.map(\.description).joined(separator: ","))"
            case .cluster(let nodes): "the cluster at \(nodes.map(\.description).joined(separator: ","))"
            }
        }
    }

    /// Where a server is that tells where others are: one of a cluster, or a Sentinel.
    public struct Node: Hashable, Sendable, CustomStringConvertible {
        /// A host name or a numeric address.
        public var host: String
        /// The port; servers of a cluster usually have 6379, Sentinels 26379.
        public var port: UInt16

        /// Names a server.
        ///
        /// - Parameters:
        ///   - host: a host name or a numeric address.
        ///   - port: the port.
        public init(host: String, port: UInt16) {
            self.host = host
            self.port = port
        }

        /// `host:port`.
        public var description: String { Address.tcp(host: host, port: port).description }
    }

    /// How to reach the server; `127.0.0.1:6379` by default.
    public var address: Address
    #if TLS
        /// How connections are encrypted, those to Sentinels too; nil, the default, for not at all. `rediss:`,
        /// `rediss-sentinel:` and `rediss-cluster:` URLs set it.
        public var tls: RedisTLS?
    #endif
    /// The user of Redis' access control list; nil for the default user.
    public var username: String?
    /// The password; nil if the server asks for none. It may be set after the URL was read. A user without a password
    /// logs in with an empty one.
    public var password: String?
    /// The user of the Sentinels' access control list; nil for their default user.
    public var sentinelUsername: String?
    /// The password of the Sentinels; nil, the default, if they ask for none. It does not stand in URLs.
    public var sentinelPassword: String?
    /// The number of the database; 0 by default.
    public var database = 0
    /// What every key and channel begins with, so that several deployments can share a server; `bellows` by default.
    /// 1 to 200 letters, digits and `. _ - : /`, as in a name of a definition.
    public var prefix = Self.defaultPrefix
    /// The time for one attempt to connect: name resolution, all addresses, and the first exchange; 5 s by default, a
    /// millisecond to an hour.
    public var connectTimeout: Duration = .seconds(5)
    /// The time that one command has for its answer; 5 s by default, a millisecond to an hour. Lease operations use a
    /// third of the lease if that is less.
    public var commandTimeout: Duration = .seconds(5)
    /// The sizes of payloads, results and headers that are taken.
    public var limits = TaskLimits()
    /// The most bytes of one reply; 128 MiB by default, 64 KiB to 512 MiB. A server that sends more is cut off.
    public var maximumReplyBytes = 128 << 20
    /// What `CLIENT LIST` shows; `bellows` by default. 1 to 200 printable ASCII characters without spaces.
    public var clientName = "bellows"
    /// Whether a server that may evict keys is taken all the same; false by default, because it loses tasks.
    public var allowsEvictingServer = false
    /// A seam for tests: whether scripts write down their calls, so that a reference model can judge them; see
    /// `ScriptRecorder`.
    package var recordsCalls = false

    /// The prefix that is used unless another one is set.
    public static let defaultPrefix = "bellows"

    /// Makes a configuration for a server.
    ///
    /// - Parameter address: how to reach it.
    public init(address: Address = .tcp(host: "127.0.0.1", port: 6379)) {
        self.address = address
    }

    /// Reads a URL: `redis://USER:PASSWORD@HOST:PORT/DATABASE`, `rediss://…` for the same over TLS,
    /// `redis-sentinel://USER:PASSWORD@HOST:PORT,HOST:PORT/SERVICE/DATABASE` (servers and Sentinels over TLS:
    /// `rediss-sentinel://…`; user and password are those of the servers, see ``sentinelPassword``),
    /// `redis-cluster://USER:PASSWORD@HOST:PORT,HOST:PORT` (over TLS `rediss-cluster://…`), or
    /// `unix://USER:PASSWORD@/PATH?db=DATABASE`.
    ///
    /// Every part but the scheme and the host (or the path) may be left out. User and password are percent-decoded.
    /// A password may also be set later, so that it needs not stand in a URL that others can see.
    ///
    /// - Parameter url: the text of the URL.
    /// - Throws: `BellowsError` with the code `invalidConfiguration`. The message never contains user or password.
    public init(url: String) throws(BellowsError) {
        let parts = try RedisURL(url)
        self.init(address: parts.address)
        username = parts.username
        password = parts.password
        database = parts.database
        #if TLS
            if parts.isEncrypted { tls = RedisTLS() }
        #endif
    }
}

extension RedisConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The address and the prefix; never the password.
    public var description: String { "Redis at \(address), database \(database), prefix \(prefix)" }
    /// The same as the description.
    public var debugDescription: String { description }
    /// A mirror without the password.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "address": address, "username": username as Any, "password": password == nil ? "none" : "set",
                "sentinelUsername": sentinelUsername as Any,
                "sentinelPassword": sentinelPassword == nil ? "none" : "set",
                "database": database, "prefix": prefix, "connectTimeout": connectTimeout,
                "commandTimeout": commandTimeout, "clientName": clientName,
            ]
        )
    }
}
