import ArgumentParser

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where the health of a worker is told: `PORT` on this machine only, or an address and a port, such as `0.0.0.0:8080`
/// or `[::]:8080`.
struct HealthAddress: Equatable, Sendable {
    let host: String
    let port: UInt16

    /// Reads an argument.
    ///
    /// - Throws: `ValidationError` if it is none of these.
    init(argument: String) throws {
        let digits = argument.split(separator: ":", omittingEmptySubsequences: false).last ?? ""
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(digits), port > 0 else {
            throw ValidationError("--health takes PORT or ADDRESS:PORT, with a port from 1 to 65535")
        }
        self.port = port
        guard digits.count < argument.count else {
            host = "127.0.0.1"
            return
        }
        let text = argument.dropLast(digits.count + 1)
        if text.hasPrefix("["), text.hasSuffix("]"), Self.isAddress(String(text.dropFirst().dropLast()), AF_INET6) {
            host = String(text.dropFirst().dropLast())
        } else if Self.isAddress(String(text), AF_INET) {
            host = String(text)
        } else {
            throw ValidationError(
                "--health takes an IPv4 address before the colon, such as 0.0.0.0, or an IPv6 address in brackets, such as [::]"
            )
        }
    }

    /// The address and the port as they are given.
    var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func isAddress(_ text: String, _ family: Int32) -> Bool {
        var storage = in6_addr()
        return inet_pton(family, text, &storage) == 1
    }
}
