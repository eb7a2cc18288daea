import Foundation

/// A primary, a replica, and three Sentinels that watch them, all private and on this machine.
public final class SentinelGroup: Sendable {
    /// The server that is the primary at first.
    public let primary: RedisServer
    /// The server that takes over.
    public let replica: RedisServer
    /// The ports of the Sentinels.
    public let ports: [UInt16]
    /// What the Sentinels call it.
    public let service = "bellows-service"

    private let guardians: [ServerGuardian]

    /// Starts all, and waits until the Sentinels know the replica and each other.
    ///
    /// - Parameter arguments: further options of both servers.
    /// - Throws: ``FixtureError``.
    public init(arguments: [String] = []) throws {
        let options = ["--repl-diskless-sync-delay", "0"] + arguments
        primary = try RedisServer.start(arguments: options)
        replica = try RedisServer.start(arguments: options + ["--replicaof", "127.0.0.1", "\(primary.port)"])
        let probe = try RedisProbe(port: primary.port)
        try FixtureWait.until("the replica is in step") { try probe.command("WAIT", "1", "100") == .integer(1) }
        var ports: [UInt16] = []
        var guardians: [ServerGuardian] = []
        for _ in 0..<3 {
            let port = try Loopback.freePort()
            let directory = NSTemporaryDirectory() + "bellows-sentinel-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let settings = """
                port \(port)
                bind 127.0.0.1
                dir \(directory)
                sentinel monitor \(service) 127.0.0.1 \(primary.port) 2
                sentinel down-after-milliseconds \(service) 500
                sentinel failover-timeout \(service) 3000
                """
            try Data(settings.utf8).write(to: URL(fileURLWithPath: "\(directory)/sentinel.conf"))
            guardians.append(
                try ServerGuardian(options: ["\(directory)/sentinel.conf", "--sentinel"], directory: directory)
            )
            ports.append(port)
        }
        (self.ports, self.guardians) = (ports, guardians)
        for port in ports {
            try FixtureWait.until("the Sentinel on port \(port) knows all") {
                // Refused connections only mean: not yet.
                let text = (try? RedisProbe(port: port).command("INFO", "sentinel"))?.text ?? ""
                return text.contains("status=ok") && text.contains("slaves=1,sentinels=3")
            }
        }
    }

    /// The URL that names the Sentinels.
    public var url: String {
        "redis-sentinel://\(FixtureUser.prefix)" + ports.map { "127.0.0.1:\($0)" }.joined(separator: ",")
            + "/\(service)"
    }

    /// Ends all.
    public func stop() {
        for guardian in guardians { guardian.end(keepingDirectory: false) }
        replica.stop()
        primary.stop()
    }
}
