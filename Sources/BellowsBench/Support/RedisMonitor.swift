import Foundation
import RedisFixture
import Synchronization

/// Collects what MONITOR prints.
final class RedisMonitor: Sendable {
    private let lines = Mutex<[String]>([])
    private let process: Process

    init(port: UInt16) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["redis-cli", "-p", "\(port)", "MONITOR"]
        let pipe = Pipe()
        process.standardOutput = pipe
        pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let text = String(decoding: handle.availableData, as: UTF8.self)
            self?.lines.withLock { $0 += text.split(separator: "\n").map(String.init) }
        }
        try process.run()
    }

    /// Ends the monitor.
    ///
    /// - Returns: one line for each command that the server saw.
    func stop() -> [String] {
        process.terminate()
        process.waitUntilExit()
        return lines.withLock { $0.filter { $0 != "OK" } }
    }
}
