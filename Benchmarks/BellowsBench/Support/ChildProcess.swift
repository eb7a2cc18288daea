import Foundation
import RedisFixture

/// This very program again, with other arguments: a process that can be killed, stopped and waited for.
final class ChildProcess: @unchecked Sendable {
    // Unchecked: Foundation's Process is not Sendable; it is started here once and only signalled and waited for afterwards.
    private let process = Process()

    /// Starts it. What it prints goes to our standard error, because our output is one JSON object.
    init(arguments: [String], environment: [String: String] = [:]) throws {
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = FileHandle.standardError
        try Program.start { try process.run() }
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    /// Whether it has ended by a signal, or with an error.
    var hasCrashed: Bool {
        !process.isRunning && (process.terminationReason != .exit || process.terminationStatus != 0)
    }

    func signal(_ number: Int32) { kill(pid, number) }

    /// Kills it and waits until it is gone.
    func end() {
        signal(SIGKILL)
        process.waitUntilExit()
    }
}
