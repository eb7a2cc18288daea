/// A private redis-server that also speaks TLS, on a port of its own.
public struct TLSServer: Sendable {
    /// The server; its usual port is not encrypted.
    public let server: RedisServer
    /// Who signed its certificate.
    public let authority: CertificateAuthority
    /// The encrypted port.
    public let port: UInt16

    /// One server for all tests of a process that do not harm it, or why there is none. Use unique names in it.
    public static let shared: Result<TLSServer, any Error> = Result { try TLSServer() }

    /// The URL of the encrypted port.
    ///
    /// - Parameter host: as what the server is addressed.
    public func url(host: String = "localhost") -> String { "rediss://\(FixtureUser.prefix)\(host):\(port)" }

    /// Connects by the command `openssl`.
    ///
    /// - Parameter arguments: how.
    /// - Throws: ``FixtureError`` if it is refused.
    public func visit(_ arguments: String...) throws {
        try CertificateAuthority.openssl(["s_client", "-connect", "localhost:\(port)"] + arguments)
    }

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - names: what stands in its certificate.
    ///   - days: for how long that is good.
    ///   - asksClients: whether clients need a certificate of the same authority.
    ///   - protocols: the versions of TLS that it speaks, as Redis names them; nil for all that OpenSSL takes for safe.
    /// - Throws: ``FixtureError``.
    public init(
        names: [String] = ["DNS:localhost", "IP:127.0.0.1"],
        days: Int = 2,
        asksClients: Bool = false,
        protocols: String? = nil
    ) throws {
        authority = try CertificateAuthority()
        let identity = try authority.identity(names: names, days: days)
        port = try Loopback.freePort()
        // What is not safe any more is only spoken at the lowest level of security.
        let versions = protocols.map { ["--tls-protocols", $0, "--tls-ciphers", "ALL:@SECLEVEL=0"] } ?? []
        let settings = [
            "--tls-port", String(port), "--tls-cert-file", identity.certificate, "--tls-key-file", identity.key,
            "--tls-ca-cert-file", authority.certificate, "--tls-auth-clients", asksClients ? "yes" : "no",
        ]
        server = try RedisServer.start(arguments: settings + versions)
    }
}
