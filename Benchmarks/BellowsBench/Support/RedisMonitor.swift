import Foundation
import RedisFixture

/// Collects what MONITOR prints.
final class RedisMonitor {
    private let path = NSTemporaryDirectory() + "bellows-monitor-\(getpid())"
    private let process = Process()

    init(port: UInt16) throws {
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "exec redis-cli -p \(port) MONITOR > '\(path)'"]
        try process.run()
    }

    /// Ends the monitor.
    ///
    /// - Returns: one line for each command that the server saw.
    func stop() throws -> [String] {
        kill(process.processIdentifier, SIGKILL)
        defer { unlink(path) }
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
            .filter { $0 != "OK" }
    }
}
