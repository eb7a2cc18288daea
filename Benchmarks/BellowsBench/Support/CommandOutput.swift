import Foundation
import RedisFixture

/// Runs a program to its end.
enum CommandOutput {
    /// What it printed on standard output.
    static func of(_ arguments: [String]) throws -> String {
        let (process, pipe) = try Program.start {
            let (process, pipe) = (Process(), Pipe())
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = arguments
            process.standardOutput = pipe
            try process.run()
            return (process, pipe)
        }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
