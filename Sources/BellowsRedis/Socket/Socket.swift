#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The system calls on a connected socket. It never raises SIGPIPE and never waits.
enum Socket {
    /// What came of a call.
    enum Outcome: Equatable {
        /// This many bytes were moved.
        case moved(Int)
        /// Nothing can be moved at present.
        case wouldBlock
        /// The other side has ended the connection.
        case ended
        /// The connection is broken.
        case failed(String)
        /// The other side has ended the connection because it does not accept us; trying again will not help soon.
        case refused(String)
    }

    #if canImport(Darwin)
        private static let sendFlags: Int32 = 0
    #else
        private static let sendFlags = Int32(MSG_NOSIGNAL)
    #endif

    /// Sets everything that our sockets need, right after they were made.
    static func configure(_ descriptor: Int32, isTCP: Bool) {
        setCloseOnExec(descriptor)
        setNonBlocking(descriptor)
        #if canImport(Darwin)
            set(descriptor, SOL_SOCKET, SO_NOSIGPIPE, 1)
        #endif
        guard isTCP else { return }
        let protocolTCP = Int32(IPPROTO_TCP)
        set(descriptor, protocolTCP, TCP_NODELAY, 1)
        // A peer that is gone without a word is noticed within ten seconds, also by a connection on which nothing is
        // said for minutes; see docs/decisions/0012.
        set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
        set(descriptor, protocolTCP, TCP_KEEPINTVL, 2)
        set(descriptor, protocolTCP, TCP_KEEPCNT, 3)
        #if canImport(Darwin)
            set(descriptor, protocolTCP, TCP_KEEPALIVE, 3)
            set(descriptor, protocolTCP, TCP_RXT_CONNDROPTIME, 8)
        #else
            set(descriptor, protocolTCP, TCP_KEEPIDLE, 3)
            set(descriptor, protocolTCP, TCP_USER_TIMEOUT, 8_000)
        #endif
    }

    static func setCloseOnExec(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, fcntl(descriptor, F_GETFD) | FD_CLOEXEC)
    }

    static func setNonBlocking(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// An option that the system refuses is done without: each of them only finds a dead peer sooner or saves time.
    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        _ = setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Sends what the system takes.
    static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Outcome {
        while true {
            #if canImport(Darwin)
                let count = Darwin.send(descriptor, bytes.baseAddress, bytes.count, sendFlags)
            #elseif canImport(Glibc)
                let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, sendFlags)
            #else
                let count = Musl.send(descriptor, bytes.baseAddress, bytes.count, sendFlags)
            #endif
            if count >= 0 { return .moved(count) }
            if errno != EINTR { return outcome(of: errno) }
        }
    }

    /// Receives what is there.
    static func receive(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .moved(count) }
            if count == 0 { return .ended }
            if errno != EINTR { return outcome(of: errno) }
        }
    }

    /// Why a connection attempt has failed; nil if it has succeeded.
    static func connectFailure(_ descriptor: Int32) -> SocketError? {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 else { return SocketError(text(errno)) }
        if code != 0 { return SocketError(text(code)) }
        return isConnectedToItself(descriptor) ? SocketError(text(ECONNREFUSED)) : nil
    }

    static func close(_ descriptor: Int32) {
        #if canImport(Darwin)
            _ = Darwin.close(descriptor)
        #elseif canImport(Glibc)
            _ = Glibc.close(descriptor)
        #else
            _ = Musl.close(descriptor)
        #endif
    }

    /// Connecting to a port of this machine where nobody listens can end at our own socket.
    private static func isConnectedToItself(_ descriptor: Int32) -> Bool {
        guard let own = name(descriptor, getsockname), let peer = name(descriptor, getpeername) else { return false }
        // An unnamed unix socket has only its family here.
        return own.count > 4 && own == peer
    }

    private static func name(
        _ descriptor: Int32,
        _ function: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> [UInt8]? {
        var storage = sockaddr_storage()
        return withUnsafeMutableBytes(of: &storage) { bytes in
            var size = socklen_t(bytes.count)
            guard let address = bytes.bindMemory(to: sockaddr.self).baseAddress,
                function(descriptor, address, &size) == 0
            else { return nil }
            return [UInt8](bytes.prefix(Int(size)))
        }
    }

    private static func outcome(of code: Int32) -> Outcome {
        code == EAGAIN || code == EWOULDBLOCK ? .wouldBlock : .failed(text(code))
    }

    static func text(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
