/// A private redis-server that also speaks TLS, on a port of its own.
public struct TLSServer: Sendable {
    /// The server; its usual port is not encrypted.
    public let server: RedisServer
    /// Who signed its certificate.
    public let authority: CertificateAuthority
    /// The encrypted port.
    public let port: UInt16

    /// The URL of the encrypted port.
    ///
    /// - Parameter host: as what the server is addressed.
    public func url(host: String = "localhost") -> String { "rediss://\(FixtureUser.prefix)\(host):\(port)" }

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - names: what stands in its certificate.
    ///   - days: for how long that is good.
    ///   - asksClients: whether clients need a certificate of the same authority.
    /// - Throws: ``FixtureError``.
    public init(
        names: [String] = ["DNS:localhost", "IP:127.0.0.1"],
        days: Int = 2,
        asksClients: Bool = false
    ) throws {
        authority = try CertificateAuthority()
        let identity = try authority.identity(names: names, days: days)
        port = try Loopback.freePort()
        server = try RedisServer.start(arguments: [
            "--tls-port", String(port), "--tls-cert-file", identity.certificate, "--tls-key-file", identity.key,
            "--tls-ca-cert-file", authority.certificate, "--tls-auth-clients", asksClients ? "yes" : "no",
        ])
    }
}
