import Foundation

/// A Redis Cluster of three primaries with a replica each, all private and on this machine.
public final class ClusterGroup: Sendable {
    /// All servers; at first the first half are primaries.
    public let servers: [RedisServer]

    /// The encrypted ports, in the order of ``servers``; empty if there are none.
    private let encryptedPorts: [UInt16]

    /// One cluster of three primaries for all tests of a process that do not harm it, or why there is none. Use unique
    /// names in it.
    public static let shared: Result<ClusterGroup, any Error> = Result { try ClusterGroup(replicas: 0) }

    /// Starts all, and waits until every server knows of a whole cluster.
    ///
    /// - Parameters:
    ///   - primaries: how many servers share the slots at first.
    ///   - replicas: how many replicas each of them has.
    ///   - arguments: further options of all servers.
    ///   - environment: variables of all servers beside our own.
    ///   - authority: who signs the servers' certificates; nil for a cluster without TLS.
    /// - Throws: ``FixtureError``.
    public init(
        primaries: Int = 3,
        replicas: Int = 1,
        arguments: [String] = [],
        environment: [String: String] = [:],
        authority: CertificateAuthority? = nil
    ) throws {
        let options =
            [
                "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "1000",
                "--repl-diskless-sync-delay", "0",
            ] + (try RedisServer.debugOptions) + arguments
        let count = primaries * (1 + replicas)
        var create = ["--cluster-replicas", "\(replicas)", "--cluster-yes"]
        if let authority {
            let identity = try authority.identity(names: ["IP:127.0.0.1"])
            let ports = try (0..<count).map { _ in try Loopback.freePortPair() }
            servers = try ports.map { port in
                try RedisServer.start(
                    arguments: options + [
                        "--tls-port", String(port), "--tls-cluster", "yes", "--tls-replication", "yes",
                        "--tls-cert-file", identity.certificate, "--tls-key-file", identity.key,
                        "--tls-ca-cert-file", authority.certificate, "--tls-auth-clients", "no",
                    ],
                    environment: environment
                )
            }
            encryptedPorts = ports
            create += ["--tls", "--cacert", authority.certificate]
        } else {
            servers = try (0..<count).map { _ in
                try RedisServer.start(arguments: options, port: Loopback.freePortPair(), environment: environment)
            }
            encryptedPorts = []
        }
        let ports = encryptedPorts.isEmpty ? servers.map(\.port) : encryptedPorts
        try Self.tool(["--cluster", "create"] + ports.map { "127.0.0.1:\($0)" } + create)
        try waitUntilWhole()
    }

    /// Waits until every server knows that all others are there.
    ///
    /// - Throws: ``FixtureError`` if that does not happen.
    public func waitUntilWhole() throws {
        for server in servers {
            try FixtureWait.until("the server on port \(server.port) knows the cluster") { try knowsAll(server) }
        }
    }

    /// The servers that are primaries now.
    ///
    /// - Throws: ``FixtureError`` if a server does not answer.
    public func primaries() throws -> [RedisServer] {
        try servers.filter { try RedisProbe(port: $0.port).command("ROLE").elements?.first?.text == "master" }
    }

    /// The URL that names all servers.
    public var url: String {
        let ports = encryptedPorts.isEmpty ? servers.map(\.port) : encryptedPorts
        return (encryptedPorts.isEmpty ? "redis" : "rediss") + "-cluster://\(FixtureUser.prefix)"
            + ports.map { "127.0.0.1:\($0)" }.joined(separator: ",")
    }

    /// Ends all.
    public func stop() {
        for server in servers { server.stop() }
    }

    /// The server that keeps the slot of a key, as some living server says. Waits until one does: on a busy machine none may
    /// answer for a moment.
    ///
    /// - Parameter key: the key.
    /// - Throws: ``FixtureError`` if nobody keeps it.
    public func primary(of key: String) throws -> RedisServer {
        var found: RedisServer?
        try FixtureWait.until("somebody keeps \(key)") {
            found = keeper(of: key)
            return found != nil
        }
        guard let found else { throw FixtureError("nobody keeps \(key)") }
        return found
    }

    /// What some living server says at this moment; nil if nobody keeps the slot, or no server answers.
    private func keeper(of key: String) -> RedisServer? {
        for server in servers where server.pid > 0 {
            // A dead or stopped server says nothing; another one will.
            guard let probe = try? RedisProbe(port: server.port, patience: 1),
                let slot = (try? probe.command("CLUSTER", "KEYSLOT", key))?.number,
                let ranges = (try? probe.command("CLUSTER", "SLOTS"))?.elements
            else { continue }
            for case .array(let range) in ranges {
                guard let first = range[0].number, let last = range[1].number, (first...last).contains(slot),
                    case .array(let node) = range[2], let port = node[1].number
                else { continue }
                if let found = servers.first(where: { Int64($0.port) == port }) { return found }
            }
        }
        return nil
    }

    /// Waits until another server than this one keeps the slot of a key.
    ///
    /// - Returns: the server that keeps it then.
    /// - Throws: ``FixtureError`` if that does not happen.
    public func waitForSuccessor(of old: RedisServer, for key: String) throws -> RedisServer {
        var found: RedisServer?
        try FixtureWait.until("another server keeps \(key)") {
            // Nobody may keep it for a while.
            guard let new = keeper(of: key), new !== old,
                let role = try RedisProbe(port: new.port).command("ROLE").elements?.first?.text, role == "master"
            else { return false }
            found = new
            return true
        }
        guard let found else { throw FixtureError("nobody keeps \(key)") }
        return found
    }

    /// Moves the slot of a key, with all that is in it, to another primary, as an operator would.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - target: where to; one of ``servers``, and a primary.
    ///   - meanwhile: is called when half of the move is done: the target expects the slot, and no key has moved yet.
    /// - Throws: ``FixtureError``.
    public func moveSlot(of key: String, to target: RedisServer, meanwhile: () throws -> Void = {}) throws {
        let source = try primary(of: key)
        let (from, to) = (try RedisProbe(port: source.port), try RedisProbe(port: target.port))
        guard let slot = try from.command("CLUSTER", "KEYSLOT", key).number,
            let sourceID = try from.command("CLUSTER", "MYID").text,
            let targetID = try to.command("CLUSTER", "MYID").text
        else { throw FixtureError("the servers are no cluster") }
        func ask(_ probe: RedisProbe, _ parts: String...) throws {
            // On a busy machine servers take each other for dead now and then, and the cluster is down until they do not; or
            // one does not answer the other in time.
            try FixtureWait.until("\(parts.prefix(4)) is done") {
                guard case .error(let text) = try probe.command(parts.map { Array($0.utf8) }) else { return true }
                guard text.contains("CLUSTERDOWN") || text.hasPrefix("IOERR") else {
                    throw FixtureError("\(parts.prefix(4)): \(text)")
                }
                return false
            }
        }
        try ask(to, "CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", sourceID)
        try ask(from, "CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", targetID)
        try meanwhile()
        while case .array(let keys) = try from.command("CLUSTER", "GETKEYSINSLOT", "\(slot)", "10"), !keys.isEmpty {
            for name in keys.compactMap(\.text) {
                // What an earlier try has left there is not served yet, and replaced.
                try ask(from, "MIGRATE", "127.0.0.1", "\(target.port)", name, "0", "5000", "REPLACE")
            }
        }
        try ask(to, "CLUSTER", "SETSLOT", "\(slot)", "NODE", targetID)
        try ask(from, "CLUSTER", "SETSLOT", "\(slot)", "NODE", targetID)
    }

    private func knowsAll(_ server: RedisServer) throws -> Bool {
        let probe = try RedisProbe(port: server.port)
        let text = try probe.command("CLUSTER", "INFO").text ?? ""
        let nodes = try probe.command("CLUSTER", "NODES").text ?? ""
        let replication = try probe.command("INFO", "replication").text ?? ""
        let lines = nodes.split(separator: "\n")
        return text.contains("cluster_state:ok") && text.contains("cluster_slots_assigned:16384")
            && lines.count == servers.count
            && lines.allSatisfy { $0.contains("connected") && !$0.contains("fail") && !$0.contains("handshake") }
            && replication.contains("role:slave") == replication.contains("master_link_status:up")
    }

    private static func tool(_ arguments: [String]) throws {
        let (status, output) = try Program.run([ServerProgram.tool.path] + arguments)
        guard status == 0 else { throw FixtureError("redis-cli \(arguments[1]): \(output)") }
    }
}
