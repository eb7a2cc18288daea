import Bellows

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Asks Sentinels where the primary is. It blocks, so it runs on a thread of its own.
enum SentinelInquiry {
    /// What one Sentinel may take, in milliseconds: the next one may know as well.
    private static let patience: Int32 = 500
    /// A Sentinel says little.
    private static let maximumReplyBytes = 64 << 10

    /// The addresses of the primary, as the first Sentinel that answers says.
    static func primary(
        of service: String,
        from sentinels: [RedisConfiguration.Node]
    ) -> Result<[SocketEndpoint], SocketError> {
        var problem = "none is given"
        // In any order: one that was cut off from the others is wrong each time that it is asked.
        for sentinel in sentinels.shuffled() {
            switch ask(sentinel, service) {
            case .success(let endpoints): return .success(endpoints)
            case .failure(let error): problem = "\(sentinel): \(error.message)"
            }
        }
        return .failure(SocketError("no Sentinel tells where the primary of \(service) is; \(problem)"))
    }

    private static func ask(
        _ sentinel: RedisConfiguration.Node,
        _ service: String
    ) -> Result<[SocketEndpoint], SocketError> {
        Resolver.lookUp(host: sentinel.host, port: sentinel.port).flatMap { endpoints in
            var last = SocketError("it has no address")
            for endpoint in endpoints {
                do throws(SocketError) {
                    let (host, port) = try ask(endpoint, service)
                    return Resolver.lookUp(host: host, port: port)
                } catch {
                    last = error
                }
            }
            return .failure(last)
        }
    }

    private static func ask(
        _ endpoint: SocketEndpoint,
        _ service: String
    ) throws(SocketError) -> (host: String, port: UInt16) {
        let descriptor = try HiredisDriver.connect(to: endpoint).get()
        defer { Socket.close(descriptor) }
        Socket.configure(descriptor, isTCP: true)
        try wait(descriptor, POLLOUT)
        if let failure = Socket.connectFailure(descriptor) { throw failure }
        var output = OutputBuffer()
        output.refill { bytes in
            let command = RedisCommand("SENTINEL", "get-master-addr-by-name", service)
            _ = HiredisDriver.withFormatted(command) { bytes.append(contentsOf: $0) }
        }
        while !output.isEmpty { try check(output.send(to: descriptor), descriptor, POLLOUT) }
        let reply = try receive(descriptor)
        switch reply {
        case .array(let parts):
            guard parts.count == 2, let host = parts[0].asText,
                let port = parts[1].asNumber.flatMap(UInt16.init(exactly:))
            else { throw SocketError("its answer makes no sense") }
            return (host, port)
        case .null: throw SocketError("it does not know that service")
        case .error(let error): throw SocketError(error.message)
        default: throw SocketError("its answer makes no sense")
        }
    }

    private static func receive(_ descriptor: Int32) throws(SocketError) -> RedisReply {
        guard let decoder = ReplyDecoder(maximumReplyBytes: maximumReplyBytes) else {
            throw SocketError("out of memory")
        }
        var buffer = [UInt8](repeating: 0, count: 4096)
        var reply: RedisReply?
        while true {
            let outcome = buffer.withUnsafeMutableBytes { Socket.receive(descriptor, into: $0) }
            if case .moved(let count) = outcome {
                do {
                    try buffer.withUnsafeBytes { bytes in
                        try decoder.decode(UnsafeRawBufferPointer(rebasing: bytes[..<count])) { new in
                            reply = new
                            return false
                        }
                    }
                } catch {
                    throw SocketError("it does not speak Redis' protocol")
                }
                if let reply { return reply }
            }
            try check(outcome, descriptor, POLLIN)
        }
    }

    /// Waits where nothing can be done, and throws where nothing ever will.
    private static func check(_ outcome: Socket.Outcome, _ descriptor: Int32, _ event: some BinaryInteger)
        throws(SocketError)
    {
        switch outcome {
        case .moved: break
        case .wouldBlock: try wait(descriptor, event)
        case .ended: throw SocketError("it has ended the connection")
        case .failed(let text): throw SocketError(text)
        }
    }

    private static func wait(_ descriptor: Int32, _ event: some BinaryInteger) throws(SocketError) {
        var watched = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        guard poll(&watched, 1, patience) > 0 else { throw SocketError("it does not answer") }
    }
}
