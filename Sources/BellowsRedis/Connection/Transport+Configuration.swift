import Bellows

extension RedisConfiguration {
    /// Whether TLS is asked for.
    var isEncrypted: Bool {
        #if TLS
            tls != nil
        #else
            false
        #endif
    }
}

extension Transport {
    /// Makes what the configuration asks for.
    ///
    /// - Parameters:
    ///   - descriptor: the socket.
    ///   - configuration: says whether it is encrypted, and with what.
    ///   - host: what the server is called, as it should stand in its certificate.
    /// - Throws: `BellowsError` if a file or a name cannot be used.
    convenience init(
        descriptor: Int32,
        configuration: RedisConfiguration,
        host: String?
    ) throws(BellowsError) {
        #if TLS
            var session: TLSSession?
            if let settings = configuration.tls {
                let name = settings.serverName ?? host ?? ""
                let isAddress = Resolver.literal(.tcp(host: name, port: 0)) != nil
                session = try TLSSession(settings, name: name, isAddress: isAddress)
            }
            self.init(descriptor: descriptor, session: session)
        #else
            self.init(descriptor: descriptor)
        #endif
    }
}
