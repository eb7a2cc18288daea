import Foundation
import Synchronization

/// A private redis-server, which ends with the process that started it, whatever happens.
///
/// A shell sits between the two: it starts the server on demand, and when its standard input ends, it kills the server
/// and removes the directory.
public final class RedisServer: Sendable {
    private struct State {
        var pid: Int32 = 0
        var isStopped = false
    }

    private let state = Mutex(State())
    private let shell: Process
    private let input: FileHandle
    private let output: FileHandle

    /// The port on this machine.
    public let port: UInt16
    /// The directory of the server's files, which is removed at the end.
    public let directory: String

    /// One server for all tests of a process that do not harm it. Use unique names in it.
    ///
    /// Nil if there is no redis-server on this machine; see ``start(arguments:directory:port:)`` for the reason.
    public static let shared: Result<RedisServer, any Error> = Result { try RedisServer.start() }

    /// Starts a server and waits until it answers.
    ///
    /// - Parameters:
    ///   - arguments: more options of redis-server, such as `["--appendonly", "yes"]`.
    ///   - directory: where it keeps its files; a new directory if nil. It is removed at the end in either case.
    ///   - port: the port; a free one if nil.
    /// - Throws: ``FixtureError`` if it does not answer.
    public static func start(
        arguments: [String] = [],
        directory: String? = nil,
        port: UInt16? = nil
    ) throws -> RedisServer {
        let path = directory ?? NSTemporaryDirectory() + "bellows-redis-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let server = try RedisServer(arguments: arguments, directory: path, port: port ?? Loopback.freePort())
        try server.launch()
        return server
    }

    private init(arguments: [String], directory: String, port: UInt16) throws {
        self.port = port
        self.directory = directory
        let options =
            [
                "--port", String(port), "--bind", "127.0.0.1", "--dir", directory, "--logfile", "\(directory)/log",
                "--unixsocket", "\(directory)/socket", "--save", "", "--daemonize", "no",
            ] + arguments
        let script = """
            p=
            while read line; do
                case $line in
                    start) redis-server "$@" >/dev/null 2>&1 </dev/null & p=$!; echo "$p" ;;
                    reap) wait "$p" 2>/dev/null; p=; echo reaped ;;
                esac
            done
            if [ -n "$p" ]; then kill -9 "$p"; fi
            rm -rf '\(directory)'
            """
        let (standardInput, standardOutput) = (Pipe(), Pipe())
        shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", script, "redis-fixture"] + options
        shell.standardInput = standardInput
        shell.standardOutput = standardOutput
        input = standardInput.fileHandleForWriting
        output = standardOutput.fileHandleForReading
        try shell.run()
    }

    deinit {
        stop()
    }

    /// The process id of the server.
    public var pid: Int32 { state.withLock { $0.pid } }
    /// The URL of the server.
    public var url: String { "redis://127.0.0.1:\(port)" }
    /// The URL of the server's unix socket.
    public var unixURL: String { "unix://\(directory)/socket" }
    /// What the server has logged so far.
    public var log: String {
        FileManager.default.contents(atPath: "\(directory)/log").map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Ends the server and removes its directory.
    public func stop() {
        let isFirst = state.withLock { state in
            defer { state.isStopped = true }
            return !state.isStopped
        }
        guard isFirst else { return }
        // A stopped process does not get SIGTERM, but the shell sends SIGKILL, which needs no resume.
        do { try input.close() } catch { shell.terminate() }
        shell.waitUntilExit()
    }

    /// Kills the server with SIGKILL, and returns when it is gone.
    public func kill() {
        signal(SIGKILL)
        _ = ask("reap")
    }

    /// Starts the server again after ``kill()``, with the same port, directory and options, and waits for an answer.
    ///
    /// - Throws: ``FixtureError`` if it does not answer.
    public func restart() throws {
        try launch()
    }

    /// Stops the server with SIGSTOP: connections stay open, and nothing answers.
    public func suspend() {
        signal(SIGSTOP)
    }

    /// Lets the server go on after ``suspend()``.
    public func resume() {
        signal(SIGCONT)
    }

    private func signal(_ number: Int32) {
        let pid = pid
        if pid > 0 { _ = Foundation.kill(pid, number) }
    }

    private func launch() throws {
        guard let answer = ask("start"), let pid = Int32(answer) else {
            throw FixtureError("the shell of the fixture has ended")
        }
        state.withLock { $0.pid = pid }
        let deadline = ContinuousClock.now + .seconds(20)
        while !answersPing() {
            guard ContinuousClock.now < deadline, Foundation.kill(pid, 0) == 0 else {
                throw FixtureError("redis-server does not answer. Its log:\n\(log)")
            }
            // Refused connections come back at once; this only keeps the processor free for the server.
            usleep(2_000)
        }
    }

    private func answersPing() -> Bool {
        // A refused connection, or none yet, only means: not yet.
        let reply = try? RedisProbe(port: port).command("PING")
        return reply.map { $0 == .status("PONG") || ($0.text ?? "").hasPrefix("NOAUTH") } ?? false
    }

    private func ask(_ line: String) -> String? {
        // The lock keeps questions and answers of several threads together.
        state.withLock { _ in
            do { try input.write(contentsOf: Data("\(line)\n".utf8)) } catch { return nil }
            var answer: [UInt8] = []
            while let byte = try? output.read(upToCount: 1)?.first {  // An error means the same as the end.
                if byte == UInt8(ascii: "\n") { return String(decoding: answer, as: UTF8.self) }
                answer.append(byte)
            }
            return nil
        }
    }
}
