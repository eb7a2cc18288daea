import Foundation

/// A primary, a replica, and three Sentinels that watch them, all private and on this machine.
public final class SentinelGroup: Sendable {
    /// The server that is the primary at first.
    public let primary: RedisServer
    /// The server that takes over.
    public let replica: RedisServer
    /// The ports of the Sentinels; the encrypted ones, if there are such.
    public let ports: [UInt16]
    /// What the Sentinels call it.
    public let service = "bellows-service"

    private let guardians: [ServerGuardian]
    private let directories: [String]
    private let isEncrypted: Bool

    /// Starts all, and waits until the Sentinels know the replica and each other.
    ///
    /// - Parameters:
    ///   - arguments: further options of both servers.
    ///   - authority: who signs the certificates of servers and Sentinels; nil for a group without TLS.
    ///   - password: what the Sentinels ask for; nil for nothing.
    /// - Throws: ``FixtureError``.
    public init(
        arguments: [String] = [],
        authority: CertificateAuthority? = nil,
        password: String? = nil
    ) throws {
        isEncrypted = authority != nil
        var tls: [String] = []
        if let authority {
            let identity = try authority.identity(names: ["IP:127.0.0.1"])
            tls = [
                "tls-replication yes", "tls-auth-clients no", "tls-ca-cert-file \(authority.certificate)",
                "tls-cert-file \(identity.certificate)", "tls-key-file \(identity.key)",
            ]
        }
        let options =
            ["--repl-diskless-sync-delay", "0"] + arguments
            + tls.flatMap { "--\($0)".split(separator: " ").map(String.init) }
        // Beside the port that the fixture itself asks, all have one that is encrypted, and tell that to each other.
        let encrypted = try tls.isEmpty ? [] : (0..<5).map { _ in try Loopback.freePort() }
        func port(_ index: Int) -> [String] { encrypted.isEmpty ? [] : ["--tls-port", "\(encrypted[index])"] }
        primary = try RedisServer.start(arguments: options + port(3))
        let known = encrypted.isEmpty ? primary.port : encrypted[3]
        replica = try RedisServer.start(arguments: options + port(4) + ["--replicaof", "127.0.0.1", "\(known)"])
        let probe = try RedisProbe(port: primary.port)
        try FixtureWait.until("the replica is in step") { try probe.command("WAIT", "1", "100") == .integer(1) }
        var plain: [UInt16] = []
        var guardians: [ServerGuardian] = []
        var directories: [String] = []
        for index in 0..<3 {
            let port = try Loopback.freePort()
            let directory = NSTemporaryDirectory() + "bellows-sentinel-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let settings =
                [
                    "port \(port)", "bind 127.0.0.1", "dir \(directory)", "logfile \(directory)/log",
                    "sentinel monitor \(service) 127.0.0.1 \(known) 2",
                    // It first pings a server that it has just learned of after a second, or this time if that is less: with a
                    // second or less it takes each new primary for dead now and then.
                    "sentinel down-after-milliseconds \(service) 1500", "sentinel failover-timeout \(service) 3000",
                ] + tls + (encrypted.isEmpty ? [] : ["tls-port \(encrypted[index])"])
                + (password.map { ["requirepass \($0)", "sentinel sentinel-pass \($0)"] } ?? [])
            try Data((settings.joined(separator: "\n") + "\n").utf8)
                .write(to: URL(fileURLWithPath: "\(directory)/sentinel.conf"))
            guardians.append(
                try ServerGuardian(
                    command: [ServerProgram.server.path, "\(directory)/sentinel.conf", "--sentinel"],
                    directory: directory
                )
            )
            plain.append(port)
            directories.append(directory)
        }
        ports = encrypted.isEmpty ? plain : Array(encrypted.prefix(3))
        (self.guardians, self.directories) = (guardians, directories)
        for port in plain {
            try FixtureWait.until("the Sentinel on port \(port) knows all") {
                // Connections that are refused or end only mean: not yet.
                guard let probe = try? RedisProbe(port: port) else { return false }
                if let password { _ = try? probe.command("AUTH", password) }
                let text = (try? probe.command("INFO", "sentinel"))?.text ?? ""
                return text.contains("status=ok") && text.contains("slaves=1,sentinels=3")
            }
        }
    }

    /// What the Sentinels have logged of what they have seen and done.
    public var log: String {
        directories.map { directory in
            let bytes = FileManager.default.contents(atPath: "\(directory)/log") ?? Data()
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(60)
            return "\(directory):\n" + lines.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// The URL that names the Sentinels.
    public var url: String {
        (isEncrypted ? "rediss" : "redis") + "-sentinel://\(FixtureUser.prefix)"
            + ports.map { "127.0.0.1:\($0)" }.joined(separator: ",")
            + "/\(service)"
    }

    /// Ends all.
    public func stop() {
        for guardian in guardians { guardian.end(keepingDirectory: false) }
        replica.stop()
        primary.stop()
    }
}
