import Bellows
import BellowsRuntime

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Turns a configured address into endpoints. Name servers may take their time, so they have a thread of their own.
enum Resolver {
    /// The endpoint of an address that needs no look-up; nil for a host name.
    static func literal(_ address: RedisConfiguration.Address) -> SocketEndpoint? {
        switch address {
        case .unix(let path): return .unix(path: path)
        case .sentinel, .cluster: return nil
        case .tcp(let host, let port):
            var four = in_addr()
            var six = in6_addr()
            guard inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1 else { return nil }
            return .tcp(address: host, port: port)
        }
    }

    /// Finds the server of a configuration: looks its host up, or asks the Sentinels.
    static func resolve(
        _ configuration: RedisConfiguration,
        _ completion: @escaping @Sendable (Result<ServerLocation, SocketError>) -> Void
    ) {
        switch configuration.address {
        case .tcp(let host, let port): resolve(host: host, port: port, completion)
        case .unix(let path): completion(.success(ServerLocation(endpoints: [.unix(path: path)], host: nil)))
        case .sentinel(let sentinels, let service):
            SentinelInquiry.start(sentinels, about: service, configuration, completion)
        case .cluster: completion(.failure(SocketError("a cluster is reached through its servers")))
        }
    }

    /// Finds a host, at once if it is a numeric address, and else on a new thread.
    static func resolve(
        host: String,
        port: UInt16,
        _ completion: @escaping @Sendable (Result<ServerLocation, SocketError>) -> Void
    ) {
        if let endpoint = literal(.tcp(host: host, port: port)) {
            return completion(.success(ServerLocation(endpoints: [endpoint], host: host)))
        }
        let isStarted = OwnThread.start(name: "bellows-dns") {
            completion(lookUp(host: host, port: port).map { ServerLocation(endpoints: $0, host: host) })
        }
        if !isStarted { completion(.failure(SocketError("no thread can be started to look up the host name"))) }
    }

    /// The addresses of a host. It blocks.
    private static func lookUp(host: String, port: UInt16) -> Result<[SocketEndpoint], SocketError> {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        guard !host.isEmpty, !host.utf8.contains(0) else { return .failure(SocketError("the host name is not valid")) }
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else {
            let text = gai_strerror(status).map { String(cString: $0) } ?? "error \(status)"
            return .failure(SocketError("the host name cannot be resolved: \(text)"))
        }
        defer { freeaddrinfo(list) }
        var endpoints: [SocketEndpoint] = []
        var next = list
        while let entry = next {
            next = entry.pointee.ai_next
            guard let address = numericText(entry.pointee) else { continue }
            let endpoint = SocketEndpoint.tcp(address: address, port: port)
            if !endpoints.contains(endpoint) { endpoints.append(endpoint) }
        }
        return endpoints.isEmpty ? .failure(SocketError("the host name has no address")) : .success(endpoints)
    }

    private static func numericText(_ entry: addrinfo) -> String? {
        guard let address = entry.ai_addr else { return nil }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { buffer in
            guard
                getnameinfo(
                    address,
                    entry.ai_addrlen,
                    buffer.baseAddress,
                    socklen_t(buffer.count),
                    nil,
                    0,
                    NI_NUMERICHOST
                ) == 0
            else { return nil }
            return String(decoding: UnsafeRawBufferPointer(buffer).prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
