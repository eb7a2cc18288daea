import BellowsRedis

/// What the command line says about the store; nil where it says nothing.
struct StoreAddress: Equatable {
    var url: String?
    var prefix: String?

    /// Takes from `outer` what is not given here.
    func falling(back outer: StoreAddress) -> StoreAddress {
        StoreAddress(url: url ?? outer.url, prefix: prefix ?? outer.prefix)
    }

    /// The settings of a connection.
    ///
    /// - Parameter environment: supplies the address and the password where the command line gives none.
    /// - Throws: `BackendError` if the address or the prefix is malformed.
    func configuration(environment: ProcessEnvironment) throws -> RedisConfiguration {
        let url = url ?? environment["BELLOWS_REDIS_URL"] ?? "redis://127.0.0.1:6379"
        var configuration = try RedisConfiguration(url: url)
        if configuration.password == nil { configuration.password = environment["BELLOWS_REDIS_PASSWORD"] }
        try takeFiles(environment, into: &configuration)
        if let prefix { try configuration.setPrefix(prefix) }
        return configuration
    }

    /// Files are not given in URLs, which stand in logs and lists of processes.
    private func takeFiles(_ environment: ProcessEnvironment, into configuration: inout RedisConfiguration) throws {
        #if TLS
            guard configuration.tls != nil else { return }
            configuration.tls?.caFile = environment["BELLOWS_REDIS_CA"]
            configuration.tls?.certificateFile = environment["BELLOWS_REDIS_CERT"]
            configuration.tls?.keyFile = environment["BELLOWS_REDIS_KEY"]
        #endif
    }
}
