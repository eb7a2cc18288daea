import Foundation
import Synchronization

/// Programs that are run to their end, and the rule for all that are started here.
public enum Program {
    private static let lock = Mutex(())

    /// Starts a process, with its pipes, while nobody else starts one: what is open at that moment, and not meant for
    /// it, another process would inherit and hold open for as long as it lives. Then nobody would hear of the first
    /// one's end.
    ///
    /// - Parameter body: makes the pipes, and calls `Process.run()`.
    public static func start<Value>(_ body: () throws -> Value) rethrows -> Value {
        try lock.withLock { _ in try body() }
    }

    /// Runs a program to its end, without input.
    ///
    /// - Parameter arguments: its name, which is looked up, and its arguments.
    /// - Returns: how it ended, and what it printed, errors included.
    /// - Throws: if it cannot be started.
    public static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let (process, output) = try start {
            let (process, output) = (Process(), Pipe())
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = arguments
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = output
            process.standardError = output
            try process.run()
            return (process, output)
        }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
