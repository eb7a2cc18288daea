import Bellows

/// What a server says about itself in INFO, as far as it matters to us.
struct ServerFacts: Sendable, Equatable {
    /// Major and minor version; nil if it is not told.
    var version: (major: Int, minor: Int)?
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

    /// Reads the answer to INFO. Unknown lines are passed over.
    init(info: String) {
        for line in info.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...]
            switch line[..<colon] {
            case "redis_version":
                let numbers = value.split(separator: ".").map { Int($0) ?? 0 }
                version = (numbers.first ?? 0, numbers.count > 1 ? numbers[1] : 0)
            case "role": isReplica = value == "slave"
            case "cluster_enabled": isCluster = value == "1"
            case "loading": isLoading = value == "1"
            case "maxmemory_policy": evictionPolicy = String(value)
            case "aof_enabled": appendsToFile = value == "1"
            default: break
            }
        }
    }

    /// Why durable tasks cannot be kept there now; nil if they can.
    func refusal(allowingEviction: Bool) -> BackendError? {
        if let version, version < (6, 2) {
            return BackendError(
                .unsupportedServer,
                "Redis \(version.major).\(version.minor) is too old: 6.2 or later is needed"
            )
        }
        if isCluster {
            return BackendError(.unsupportedServer, "Redis Cluster is not supported: use a server of its own")
        }
        if isReplica { return BackendError(.notPrimary, "Redis is a replica: connect to its primary") }
        if isLoading { return BackendError(.unavailable, "Redis is loading its data") }
        if let evictionPolicy, evictionPolicy != "noeviction", !allowingEviction {
            return BackendError(
                .unsupportedServer,
                "Redis may evict tasks (maxmemory-policy \(evictionPolicy)): run CONFIG SET maxmemory-policy noeviction"
            )
        }
        return nil
    }

    static func == (left: ServerFacts, right: ServerFacts) -> Bool {
        left.version?.major == right.version?.major && left.version?.minor == right.version?.minor
            && left.isReplica == right.isReplica && left.isCluster == right.isCluster
            && left.isLoading == right.isLoading && left.evictionPolicy == right.evictionPolicy
            && left.appendsToFile == right.appendsToFile
    }
}
