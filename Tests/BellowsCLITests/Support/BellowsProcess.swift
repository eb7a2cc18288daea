import Bellows
import Foundation
import RedisFixture
import Synchronization

/// The built command `bellows`, run as a process of its own.
final class BellowsProcess: Sendable {
    /// How a run ended.
    struct Ending: Sendable {
        let status: Int32
        let output: [UInt8]
        let errors: String

        var text: String { String(decoding: output, as: UTF8.self) }
        var lines: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }
    }

    let output = StreamCollector()
    let errors = StreamCollector()
    let pid: Int32
    private let input: FileHandle
    private let status: Mutex<(value: Int32?, waiters: [CheckedContinuation<Int32, Never>])>

    /// Starts the command.
    ///
    /// - Parameters:
    ///   - arguments: without the program's name.
    ///   - url: what BELLOWS_REDIS_URL is.
    ///   - environment: further variables.
    init(_ arguments: [String], url: String, environment: [String: String] = [:]) throws {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        var variables = ProcessInfo.processInfo.environment
        variables.merge(["BELLOWS_REDIS_URL": url]) { $1 }
        variables.merge(environment) { $1 }
        process.environment = variables
        let pipes = (input: Pipe(), output: Pipe(), errors: Pipe())
        process.standardInput = pipes.input
        process.standardOutput = pipes.output
        process.standardError = pipes.errors
        status = Mutex((nil, []))
        input = pipes.input.fileHandleForWriting
        let ended = OnceBox()
        process.terminationHandler = { process in
            ended.give(process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus)
        }
        try process.run()
        pid = process.processIdentifier
        output.read(pipes.output.fileHandleForReading)
        errors.read(pipes.errors.fileHandleForReading)
        ended.whenGiven { [weak self] value in self?.ended(value) }
    }

    /// Runs the command to its end.
    static func run(
        _ arguments: [String],
        url: String,
        input: [UInt8] = [],
        environment: [String: String] = [:]
    ) async throws -> Ending {
        let process = try BellowsProcess(arguments, url: url, environment: environment)
        process.write(input)
        process.closeInput()
        return await process.ending()
    }

    /// Writes to the command's standard input, on a thread of its own: the pipe may be full for a while.
    func write(_ bytes: [UInt8]) {
        inputQueue.sync { pendingInput.withLock { $0 += bytes } }
    }

    /// Ends the command's standard input once everything is written.
    func closeInput() {
        let bytes = pendingInput.withLock { bytes in
            defer { bytes = [] }
            return bytes
        }
        OwnThread.start(name: "test-input") { [input] in
            // A command that ends without reading its input is no failure of the test.
            try? input.write(contentsOf: bytes)
            try? input.close()
        }
    }

    private let pendingInput = Mutex<[UInt8]>([])
    private let inputQueue = DispatchQueue(label: "test-input")

    /// Sends a signal.
    func signal(_ number: Int32) {
        kill(pid, number)
    }

    /// Waits for the end.
    func ending() async -> Ending {
        let status = await withCheckedContinuation { continuation in
            let known = status.withLock { state in
                if state.value == nil { state.waiters.append(continuation) }
                return state.value
            }
            if let known { continuation.resume(returning: known) }
        }
        return Ending(
            status: status, output: await output.all(), errors: String(decoding: await errors.all(), as: UTF8.self))
    }

    private func ended(_ value: Int32) {
        let waiters = status.withLock { state in
            state.value = value
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    /// Stands beside the test bundle.
    private static var executable: URL {
        let bundles = [URL(fileURLWithPath: CommandLine.arguments[0])] + Bundle.allBundles.map(\.bundleURL)
        let candidates = bundles.map { $0.deletingLastPathComponent().appendingPathComponent("bellows") }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? candidates[0]
    }
}
