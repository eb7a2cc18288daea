import Bellows
import BellowsRuntime
import Foundation
import RedisFixture

/// The built command `bellows`, run as a process of its own.
final class BellowsProcess: Sendable {
    /// How a run ended.
    struct Ending: Sendable {
        /// The exit code, or the negative number of a signal.
        let status: Int32
        let output: [UInt8]
        let errors: String

        var text: String { String(decoding: output, as: UTF8.self) }
        /// What it said on standard error, but for the warning that the server of the tests writes no append-only file.
        var complaints: String {
            errors.split(separator: "\n").filter { !$0.contains("append-only file") }.joined(separator: "\n")
        }
        /// The lines of standard output, without their newlines.
        var lines: [String] {
            text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        }
    }

    /// The command was not built: run `make build`.
    struct MissingProgram: Error {}

    let output: StreamCollector
    let errors: StreamCollector
    let pid: Int32
    private let input: FileHandle
    private let status = OnceValue<Int32>()

    /// Starts the command.
    ///
    /// - Parameters:
    ///   - arguments: without the program's name.
    ///   - url: what BELLOWS_REDIS_URL is.
    ///   - environment: further variables.
    ///   - program: another program instead, such as a shell that starts the command.
    init(
        _ arguments: [String],
        url: String,
        environment: [String: String] = [:],
        program: URL? = BellowsProcess.executable
    ) throws {
        let process = Process()
        guard let program else { throw MissingProgram() }
        process.executableURL = program
        process.arguments = arguments
        var variables = ProcessInfo.processInfo.environment
        variables.merge(["BELLOWS_REDIS_URL": url]) { $1 }
        variables.merge(environment) { $1 }
        process.environment = variables
        let reaper = try ProcessReaper.shared.get()
        process.terminationHandler = { [status] process in
            // A reaper that is gone has nothing to forget.
            try? reaper.remove(process.processIdentifier)
            status.give(process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus)
        }
        let pipes = try Program.start {
            let pipes = (input: Pipe(), output: Pipe(), errors: Pipe())
            process.standardInput = pipes.input
            process.standardOutput = pipes.output
            process.standardError = pipes.errors
            try reaper.run(process)
            return pipes
        }
        input = pipes.input.fileHandleForWriting
        pid = process.processIdentifier
        output = StreamCollector(pipes.output.fileHandleForReading)
        errors = StreamCollector(pipes.errors.fileHandleForReading)
    }

    /// Runs the command to its end.
    static func run(
        _ arguments: [String],
        url: String,
        input: [UInt8] = [],
        environment: [String: String] = [:],
        program: URL? = BellowsProcess.executable
    ) async throws -> Ending {
        let process = try BellowsProcess(arguments, url: url, environment: environment, program: program)
        process.write(input)
        return await process.ending()
    }

    /// Writes to the command's standard input and ends it, on a thread of its own: the pipe may be full for a while.
    func write(_ bytes: [UInt8]) {
        let isStarted = OwnThread.start(name: "test-input") { [input] in
            // A command that ends without reading all of its input is no failure of the test.
            try? input.write(contentsOf: bytes)
            try? input.close()
        }
        precondition(isStarted, "a test needs its threads")
    }

    /// Sends a signal.
    func signal(_ number: Int32) {
        kill(pid, number)
    }

    /// Waits for the end, and brings it about when the test is cancelled.
    func ending() async -> Ending {
        await withTaskCancellationHandler {
            Ending(
                status: await status.value,
                output: await output.all(),
                errors: String(decoding: await errors.all(), as: UTF8.self)
            )
        } onCancel: {
            signal(SIGKILL)
        }
    }

    /// Stands beside the test bundle.
    static var executable: URL? {
        let bundles = [URL(fileURLWithPath: CommandLine.arguments[0])] + Bundle.allBundles.map(\.bundleURL)
        return bundles.map { $0.deletingLastPathComponent().appendingPathComponent("BellowsCLI") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
