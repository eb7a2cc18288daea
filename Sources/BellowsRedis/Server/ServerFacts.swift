import Bellows

/// What a server says about itself in INFO, as far as it matters to us.
struct ServerFacts: Sendable, Equatable {
    /// What it is called: Redis, or Valkey.
    var product = "Redis"
    /// Its version, as its makers count; nil if it is not told.
    var version: ServerVersion?
    /// Whether it is a replica.
    var isReplica = false
    /// Whether it is a node of a cluster.
    var isCluster = false
    /// Whether it still reads its data.
    var isLoading = false
    /// What it does when its memory is full; nil if it is not told.
    var evictionPolicy: String?
    /// Whether it writes every change to a file; nil if it is not told.
    var appendsToFile: Bool?
    /// Whether the last write to that file went well.
    var isFileWritable = true
    /// Whether the last snapshot went well.
    var isSnapshotGood = true
    /// How many writes to the file had to wait for a slow disk.
    var delayedSyncs = 0
    /// The memory in use, in bytes.
    var usedMemory = 0
    /// The most memory that it takes, in bytes; 0 for no limit.
    var memoryLimit = 0
    /// How many replicas are connected.
    var replicaCount = 0

    /// Reads the answer to INFO. Unknown lines are passed over.
    init(info: String) {
        var compatibility: ServerVersion?
        for line in info.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...]
            switch line[..<colon] {
            case "redis_version": compatibility = ServerVersion(text: value)
            case "server_name": if value == "valkey" { product = "Valkey" }
            case "valkey_version": version = ServerVersion(text: value)
            case "role": isReplica = value == "slave"
            case "cluster_enabled": isCluster = value == "1"
            case "loading": isLoading = value == "1"
            case "maxmemory_policy": evictionPolicy = String(value)
            case "aof_enabled": appendsToFile = value == "1"
            case "aof_last_write_status": isFileWritable = value == "ok"
            case "rdb_last_bgsave_status": isSnapshotGood = value == "ok"
            case "aof_delayed_fsync": delayedSyncs = Int(value) ?? 0
            case "used_memory": usedMemory = Int(value) ?? 0
            case "maxmemory": memoryLimit = Int(value) ?? 0
            case "connected_slaves": replicaCount = Int(value) ?? 0
            default: break
            }
        }
        version = version ?? compatibility
    }

    /// What a server is to us.
    enum Role: Sendable {
        /// The one that keeps everything.
        case onlyServer
        /// One of those that share the slots of a cluster.
        case clusterPrimary
        /// Any server of a cluster, which is only asked who keeps what.
        case clusterGuide
    }

    /// What has the commands that scripts use.
    private static let least = ServerVersion(6, 2)
    /// What has channels that belong to slots.
    private static let leastOfClusters = ServerVersion(7, 0)

    /// Why durable tasks cannot be kept there now; nil if they can.
    func refusal(allowingEviction: Bool, as role: Role = .onlyServer) -> BellowsError? {
        if let version, version < Self.least {
            return BellowsError(
                .unsupportedServer,
                "\(product) \(version) is too old: \(Self.least) or later is needed"
            )
        }
        if isCluster, let version, version < Self.leastOfClusters {
            return BellowsError(
                .unsupportedServer,
                "\(product) \(version) is too old for a cluster: \(Self.leastOfClusters) or later is needed"
            )
        }
        if isCluster, role == .onlyServer {
            return BellowsError(.unsupportedServer, "this server is one of a cluster: connect with redis-cluster://")
        }
        if !isCluster, role != .onlyServer, version != nil {
            return BellowsError(.unsupportedServer, "Redis is no cluster: connect with redis://")
        }
        if isReplica, role != .clusterGuide {
            return BellowsError(.notPrimary, "Redis is a replica: connect to its primary")
        }
        if isLoading { return BellowsError(.unavailable, "Redis is loading its data") }
        if let evictionPolicy, evictionPolicy != "noeviction", !allowingEviction {
            return BellowsError(
                .unsupportedServer,
                "Redis may evict tasks (maxmemory-policy \(evictionPolicy)): run CONFIG SET maxmemory-policy noeviction"
            )
        }
        return nil
    }
}
