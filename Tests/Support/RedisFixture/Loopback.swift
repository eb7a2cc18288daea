#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Blocking sockets on this machine.
enum Loopback {
    #if canImport(Glibc)
        private static let stream = Int32(SOCK_STREAM.rawValue)
    #else
        private static let stream = SOCK_STREAM
    #endif

    /// A connected socket.
    static func connect(port: UInt16) throws -> Int32 {
        let descriptor = try makeSocket(AF_INET)
        var address = internetAddress(port: port)
        try withAddress(&address) { pointer, size in
            #if canImport(Darwin)
                Darwin.connect(descriptor, pointer, size)
            #elseif canImport(Glibc)
                Glibc.connect(descriptor, pointer, size)
            #else
                Musl.connect(descriptor, pointer, size)
            #endif
        }.orClose(descriptor, "connect to port \(port)")
        set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        return descriptor
    }

    /// A listening socket, and its port.
    static func listen(port: UInt16) throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = try makeSocket(AF_INET)
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        var address = internetAddress(port: port)
        try withAddress(&address) { pointer, size in bind(descriptor, pointer, size) }
            .orClose(descriptor, "bind to port \(port)")
        #if canImport(Darwin)
            try Darwin.listen(descriptor, 128).orClose(descriptor, "listen")
        #elseif canImport(Glibc)
            try Glibc.listen(descriptor, 128).orClose(descriptor, "listen")
        #else
            try Musl.listen(descriptor, 128).orClose(descriptor, "listen")
        #endif
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withAddress(&address) { pointer, _ in getsockname(descriptor, pointer, &size) }
            .orClose(descriptor, "getsockname")
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// A port on which nobody listens, outside the range that outgoing connections take theirs from.
    static func freePort() throws -> UInt16 {
        for _ in 0..<200 {
            let port = UInt16.random(in: 20_000..<32_000)
            guard let (descriptor, _) = try? listen(port: port) else { continue }  // In use: try another one.
            closeDescriptor(descriptor)
            return port
        }
        throw FixtureError("found no free port")
    }

    /// A port for a server of a cluster, which also uses the port that is 10,000 higher.
    static func freePortPair() throws -> UInt16 {
        for _ in 0..<200 {
            let port = UInt16.random(in: 20_000..<22_700)
            guard let (descriptor, _) = try? listen(port: port + 10_000) else { continue }  // In use: try another one.
            closeDescriptor(descriptor)
            guard let (lower, _) = try? listen(port: port) else { continue }
            closeDescriptor(lower)
            return port
        }
        throw FixtureError("found no two free ports")
    }

    /// Sends everything; false if the connection has ended.
    static func sendAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        #if canImport(Darwin)
            let flags: Int32 = 0
        #else
            let flags = Int32(MSG_NOSIGNAL)
        #endif
        return bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let count = send(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset, flags)
                if count > 0 { offset += count } else if errno != EINTR { return false }
            }
            return true
        }
    }

    /// Receives something; nil if the connection has ended or nothing came in time.
    static func receive(_ descriptor: Int32) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            repeat {
                count = max(-1, recv(descriptor, buffer.baseAddress, buffer.count, 0))
            } while count < 0 && errno == EINTR
            count = max(0, count)
        }
        return bytes.isEmpty ? nil : bytes
    }

    static func setReceiveTimeout(_ descriptor: Int32, seconds: Int) {
        var time = timeval()
        time.tv_sec = time_t(seconds)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Lets the next close send RST instead of FIN.
    static func resetOnClose(_ descriptor: Int32) {
        var value = linger(l_onoff: 1, l_linger: 0)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
    }

    /// Wakes whoever waits for the socket.
    static func endBoth(_ descriptor: Int32) {
        _ = shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Wakes whoever reads, and tells the other side nothing.
    static func endReading(_ descriptor: Int32) {
        _ = shutdown(descriptor, Int32(SHUT_RD))
    }

    /// Tells the other side that nothing more comes; what it sends still arrives.
    static func endWriting(_ descriptor: Int32) {
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Waits for the next connection; nil once the socket was ended.
    static func acceptNext(_ descriptor: Int32) -> Int32? {
        while true {
            let client = accept(descriptor, nil, nil)
            if client >= 0 {
                prepare(client)
                set(client, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
                return client
            }
            guard errno == EINTR || errno == ECONNABORTED else { return nil }
        }
    }

    static func closeDescriptor(_ descriptor: Int32) {
        _ = close(descriptor)
    }

    private static func makeSocket(_ family: Int32) throws -> Int32 {
        let descriptor = socket(family, stream, 0)
        guard descriptor >= 0 else { throw FixtureError("socket: error \(errno)") }
        prepare(descriptor)
        return descriptor
    }

    private static func prepare(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        #if canImport(Darwin)
            set(descriptor, SOL_SOCKET, SO_NOSIGPIPE, 1)
        #endif
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        _ = setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func internetAddress(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func withAddress(
        _ address: inout sockaddr_in,
        _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

extension Int32 {
    /// Closes the socket and throws if this is the result of a call that has failed.
    fileprivate func orClose(_ descriptor: Int32, _ what: String) throws {
        guard self < 0 else { return }
        let code = errno
        close(descriptor)
        throw FixtureError("cannot \(what): error \(code)")
    }
}
