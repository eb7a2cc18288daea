import Bellows
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
    /// - Throws: `BellowsError` if the address or the prefix is malformed, or a variable that is needed is set to
    ///   nothing.
    func configuration(environment: ProcessEnvironment) throws -> RedisConfiguration {
        let url = try url ?? Self.value("BELLOWS_REDIS_URL", environment) ?? "redis://127.0.0.1:6379"
        var configuration = try RedisConfiguration(url: url)
        if configuration.password == nil {
            configuration.password = try Self.value("BELLOWS_REDIS_PASSWORD", environment)
        }
        if case .sentinel = configuration.address {
            configuration.sentinelUsername = try Self.value("BELLOWS_SENTINEL_USER", environment)
            configuration.sentinelPassword = try Self.value("BELLOWS_SENTINEL_PASSWORD", environment)
        }
        try takeFiles(environment, into: &configuration)
        if let prefix { configuration.prefix = prefix }
        try configuration.validate()
        return configuration
    }

    /// The value of a variable; nil if it is not set. One that is set to nothing would otherwise mean another server,
    /// or another user, than whoever has set it believes.
    private static func value(_ name: String, _ environment: ProcessEnvironment) throws -> String? {
        guard !environment.isEmpty(name) else {
            throw BellowsError(.invalidConfiguration, "\(name) is set, but empty: give it a value, or unset it")
        }
        return environment[name]
    }

    /// A URL without its password.
    static func withoutPassword(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
            return url
        }
        return String(url[..<colon] + url[at...])
    }

    /// Files are not given in URLs, which stand in logs and lists of processes.
    private func takeFiles(_ environment: ProcessEnvironment, into configuration: inout RedisConfiguration) throws {
        #if TLS
            let names = ["BELLOWS_REDIS_CA", "BELLOWS_REDIS_CERT", "BELLOWS_REDIS_KEY"]
            guard configuration.tls != nil else {
                // A user who sets one believes that the connection is encrypted.
                guard let name = try names.first(where: { try Self.value($0, environment) != nil }) else { return }
                throw BellowsError(
                    .invalidConfiguration,
                    "\(name) is set, but the address does not begin with rediss://"
                )
            }
            configuration.tls?.caFile = try Self.value("BELLOWS_REDIS_CA", environment)
            configuration.tls?.certificateFile = try Self.value("BELLOWS_REDIS_CERT", environment)
            configuration.tls?.keyFile = try Self.value("BELLOWS_REDIS_KEY", environment)
        #endif
    }
}
