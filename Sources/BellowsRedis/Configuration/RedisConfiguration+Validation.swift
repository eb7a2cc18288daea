package import Bellows

extension RedisConfiguration {
    /// Checks all settings before anything is done with one of them.
    ///
    /// - Throws: `BellowsError.Code.invalidConfiguration`; the message never contains user or password.
    package func validate() throws(BellowsError) {
        try validateAddress()
        try limits.validate()
        do throws(BellowsError) {
            _ = try TaskName(prefix)
        } catch {
            throw Self.invalid(
                "prefix: use 1 to 200 letters, digits and . _ - : /, beginning with a letter, a digit or _"
            )
        }
        guard !prefix.contains("#") else { throw Self.invalid("prefix: it must not contain #") }
        let times = Duration.milliseconds(1)...Duration.seconds(3600)
        guard times.contains(connectTimeout) else {
            throw Self.invalid("connectTimeout, \(connectTimeout): use a millisecond to an hour")
        }
        guard times.contains(commandTimeout) else {
            throw Self.invalid("commandTimeout, \(commandTimeout): use a millisecond to an hour")
        }
        guard (64 << 10...512 << 20).contains(maximumReplyBytes) else {
            throw Self.invalid("maximumReplyBytes, \(maximumReplyBytes): use 64 KiB to 512 MiB")
        }
        guard database >= 0 else { throw Self.invalid("database, \(database): use 0 or more") }
        let name = clientName.utf8
        guard (1...200).contains(name.count), name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Self.invalid("clientName: use 1 to 200 printable ASCII characters without spaces")
        }
    }

    private func validateAddress() throws(BellowsError) {
        let nodes: [Node]
        switch address {
        case .tcp(let host, let port): nodes = [Node(host: host, port: port)]
        case .unix(let path):
            guard !path.isEmpty else { throw Self.invalid("address: the path of the socket is empty") }
            nodes = []
        case .sentinel(let sentinels, let service):
            guard !service.isEmpty else { throw Self.invalid("address: the name of the Sentinels' service is empty") }
            guard !sentinels.isEmpty else { throw Self.invalid("address: name at least one Sentinel") }
            nodes = sentinels
        case .cluster(let servers):
            guard !servers.isEmpty else { throw Self.invalid("address: name at least one server of the cluster") }
            nodes = servers
        }
        guard nodes.allSatisfy({ !$0.host.isEmpty }) else { throw Self.invalid("address: a host is empty") }
    }

    private static func invalid(_ text: String) -> BellowsError {
        BellowsError(.invalidConfiguration, "invalid \(text)")
    }
}
