import BellowsRuntime
import Foundation

/// The other end of a connection: raw bytes out, raw bytes in.
final class HTTPPeer: Sendable {
    private let descriptor: Int32

    struct Failure: Error {
        let text: String
    }

    /// Connects to a port of 127.0.0.1.
    init(port: UInt16) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        descriptor = try Self.connected(AF_INET, address)
    }

    /// Connects to a port of `::1`.
    init(portOnIPv6 port: UInt16) throws {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        guard inet_pton(AF_INET6, "::1", &address.sin6_addr) == 1 else { throw Failure(text: "::1 is no address") }
        descriptor = try Self.connected(AF_INET6, address)
    }

    private static func connected<Address>(_ family: Int32, _ address: Address) throws -> Int32 {
        #if canImport(Glibc)
            let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(family, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { throw Failure(text: String(cString: strerror(errno))) }
        let status = withUnsafeBytes(of: address) { bytes in
            connect(descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
        }
        guard status == 0 else {
            let problem = String(cString: strerror(errno))
            close(descriptor)
            throw Failure(text: problem)
        }
        return descriptor
    }

    deinit { close(descriptor) }

    /// Sends text, on a thread of its own if it is long; who is gone gets no more of it.
    ///
    /// - Returns: whether it was sent.
    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                #if canImport(Darwin)
                    Darwin.send(descriptor, $0.baseAddress, $0.count, 0)
                #else
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                #endif
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Ends our half.
    func closeOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// All that comes until the server ends the connection.
    func everything() async -> String {
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        return String(decoding: await StreamCollector(handle).all(), as: UTF8.self)
    }

    /// Waits until the server has ended the connection, though what it has sent is not read: until sending fails.
    func ending(ofSending text: String) async {
        await withCheckedContinuation { continuation in
            let isStarted = OwnThread.start(name: "test-sender") { [self] in
                while send(text) { usleep(10_000) }
                continuation.resume()
            }
            precondition(isStarted, "a test needs its threads")
        }
    }
}
