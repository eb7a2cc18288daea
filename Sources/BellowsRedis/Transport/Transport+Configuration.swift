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
    /// - Throws: `BackendError` if a file or a name cannot be used.
    convenience init(descriptor: Int32, configuration: RedisConfiguration) throws(BackendError) {
        #if TLS
            var session: TLSSession?
            if let settings = configuration.tls {
                var name = settings.serverName ?? ""
                if settings.serverName == nil, case .tcp(let host, _) = configuration.address { name = host }
                let isAddress = Resolver.literal(.tcp(host: name, port: 0)) != nil
                session = try TLSSession(settings, name: name, isAddress: isAddress)
            }
            self.init(descriptor: descriptor, session: session)
        #else
            self.init(descriptor: descriptor)
        #endif
    }
}
