import ArgumentParser

/// Where the health of a worker is told: `PORT` on this machine only, or `HOST:PORT` with an IPv4 address.
struct HealthAddress: Equatable, Sendable {
    let host: String
    let port: UInt16

    /// Reads an argument.
    ///
    /// - Throws: `ValidationError` if it is neither.
    init(argument: String) throws {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let port = UInt16(parts[parts.count - 1]), port > 0 else {
            throw ValidationError("--health takes PORT or HOST:PORT, with a port from 1 to 65535")
        }
        let host = parts.count == 2 ? String(parts[0]) : "127.0.0.1"
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard numbers.count == 4, !numbers.contains(nil) else {
            throw ValidationError("--health takes an IPv4 address before the colon, such as 0.0.0.0")
        }
        (self.host, self.port) = (host, port)
    }
}
