/// What not every server can do, though all are supported. A test that needs it is not applicable elsewhere.
///
/// This is the only place that knows servers apart, and it goes by what they say, not by their versions.
public enum ServerFeature: Sendable {
    /// A cluster as we need it: with channels that belong to slots.
    case cluster
    /// TLS, which is left out of some builds.
    case tls

    /// Whether the server that tests run on can do it.
    ///
    /// - Throws: ``FixtureError`` if there is no server.
    public var isThere: Bool {
        get throws {
            let abilities = try ServerAbilities.current.get()
            return switch self {
            case .cluster: abilities.hasShardedChannels
            case .tls: abilities.speaksTLS
            }
        }
    }

    /// One line for whoever wonders why a test was not run.
    public var absence: String {
        switch self {
        case .cluster: "this server has no channels that belong to slots, so there is no cluster for us"
        case .tls: "this server is built without TLS"
        }
    }
}

/// What the server that tests run on can do.
struct ServerAbilities: Sendable {
    let hasShardedChannels: Bool
    let speaksTLS: Bool
    /// Whether DEBUG and some settings have to be allowed first.
    let protectsDebug: Bool

    /// Asked once, of a server that is started for it.
    static let current = Result<ServerAbilities, any Error> {
        let server = try RedisServer.start()
        defer { server.stop() }
        let probe = try RedisProbe(port: server.port)
        func knows(setting: String) throws -> Bool {
            try probe.command("CONFIG", "GET", setting).elements?.isEmpty == false
        }
        return ServerAbilities(
            hasShardedChannels: try probe.command("COMMAND", "INFO", "SPUBLISH").elements?.first?.elements != nil,
            speaksTLS: try asksForACertificate(),
            protectsDebug: try knows(setting: "enable-debug-command")
        )
    }

    /// Whether a server that should speak TLS ends because it was given no certificate. Others end because they cannot,
    /// though some of them know all settings of TLS.
    private static func asksForACertificate() throws -> Bool {
        let options = ["--port", "0", "--tls-port", "\(try Loopback.freePort())", "--save", ""]
        return try Program.run([ServerProgram.server.path] + options).output.contains("No tls-cert-file")
    }
}

extension RedisServer {
    /// Options that let clients on this machine run DEBUG, and change settings that are protected otherwise.
    ///
    /// - Throws: ``FixtureError`` if there is no server.
    public static var debugOptions: [String] {
        get throws {
            guard try ServerAbilities.current.get().protectsDebug else { return [] }
            return ["--enable-debug-command", "local", "--enable-protected-configs", "local"]
        }
    }
}
