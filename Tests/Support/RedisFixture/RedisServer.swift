import BellowsTesting
import Foundation
import Synchronization

/// A private redis-server, which ends with the process that started it, whatever happens.
///
/// A shell sits between the two: when its standard input ends, it kills the server and removes the directory.
public final class RedisServer: Sendable {
    private let guardian = Mutex<ServerGuardian?>(nil)
    private let options: [String]
    private let environment: [String: String]
    private let tool: [String]
    /// Whether somebody else has started it.
    private let isForeign: Bool

    /// The port on this machine.
    public let port: UInt16
    /// The directory of the server's files, which is removed at the end.
    public let directory: String

    /// One server for all tests of a process that do not harm it, or why there is none. Use unique names in it.
    public static let shared: Result<RedisServer, any Error> = Result { try RedisServer.start() }

    /// Options of a server that may be killed, and then has all that it acknowledged. With `everysec` it acknowledges while
    /// an fsync is under way on a slow disk, and writes later.
    public static let durableOptions = ["--appendonly", "yes", "--appendfsync", "always"]

    /// Starts a server and waits until it answers.
    ///
    /// - Parameters:
    ///   - arguments: more options of redis-server, such as ``durableOptions``.
    ///   - directory: where it keeps its files; a new directory if nil. It is removed at the end in either case.
    ///   - port: the port; a free one if nil.
    ///   - environment: variables beside our own.
    ///   - tool: a program that runs the server, such as valgrind, and its arguments.
    ///   - hasUser: whether it gets the user of ``FixtureUser``; use ``openURL`` without.
    /// - Throws: ``FixtureError`` if it does not answer.
    public static func start(
        arguments: [String] = [],
        directory: String? = nil,
        port: UInt16? = nil,
        environment: [String: String] = [:],
        under tool: [String] = [],
        hasUser: Bool = true
    ) throws -> RedisServer {
        let path = directory ?? NSTemporaryDirectory() + "bellows-redis-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let isOfCluster = arguments.contains("--cluster-enabled")
        let user = try FixtureUser.current.get()?.options(ofCluster: isOfCluster)
        let server = RedisServer(
            arguments: arguments + (hasUser ? user ?? [] : []),
            directory: path,
            port: try port ?? (isOfCluster ? Loopback.freePortPair() : Loopback.freePort()),
            environment: environment,
            tool: tool
        )
        try server.restart()
        return server
    }

    /// Uses a server that somebody else has started on this machine. ``stop()`` empties it and lets it run.
    ///
    /// - Parameter port: its port.
    /// - Throws: ``FixtureError`` if it does not answer, or holds data.
    public static func attach(port: UInt16) throws -> RedisServer {
        guard try RedisProbe(port: port).command("DBSIZE") == .integer(0) else {
            throw FixtureError("the server on port \(port) is not empty, or refuses us")
        }
        return RedisServer(arguments: [], directory: "", port: port, isForeign: true)
    }

    /// A port of this machine that nobody uses at this moment.
    public static func freePort() throws -> UInt16 { try Loopback.freePort() }

    private init(
        arguments: [String],
        directory: String,
        port: UInt16,
        environment: [String: String] = [:],
        tool: [String] = [],
        isForeign: Bool = false
    ) {
        self.environment = environment
        self.tool = tool
        self.port = port
        self.isForeign = isForeign
        self.directory = directory
        options =
            [
                "--port", String(port), "--bind", "127.0.0.1", "--dir", directory, "--logfile", "\(directory)/log",
                "--unixsocket", "\(directory)/socket", "--save", "", "--daemonize", "no",
            ] + arguments
    }

    deinit {
        stop()
    }

    /// The process id of the server; 0 while there is none.
    public var pid: Int32 { guardian.withLock { $0?.server ?? 0 } }
    /// The URL of the server.
    public var url: String { "redis://\(isForeign ? "" : FixtureUser.prefix)127.0.0.1:\(port)" }
    /// The URL of the server for the default user, who may do everything: for tests of other users.
    public var openURL: String { "redis://127.0.0.1:\(port)" }
    /// The URL of the server's unix socket.
    public var unixURL: String { "unix://\(FixtureUser.prefix)\(directory)/socket" }
    /// What the server has logged so far.
    public var log: String {
        FileManager.default.contents(atPath: "\(directory)/log").map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Ends the server and removes its directory; empties one that somebody else has started.
    public func stop() {
        if isForeign {
            do {
                try RedisProbe(port: port).command("FLUSHDB")
            } catch {
                FileHandle.standardError.write(Data("port \(port) could not be emptied: \(error)\n".utf8))
            }
        }
        take()?.end(keepingDirectory: false)
    }

    /// Kills the server with SIGKILL, and returns when it is gone. Its files stay.
    public func kill() {
        take()?.end(keepingDirectory: true)
        let deadline = ContinuousClock.now + MachineLoad.stretched(.seconds(20))
        while ContinuousClock.now < deadline, let descriptor = try? Loopback.connect(port: port) {
            // A dying process accepts for a moment; a refused connection is what we wait for.
            Loopback.closeDescriptor(descriptor)
            usleep(1_000)
        }
    }

    /// Starts the server again after ``kill()``, with the same port, directory and options, and waits for an answer.
    ///
    /// - Throws: ``FixtureError`` if it does not answer.
    public func restart() throws {
        try StartGate.pass { try launch() }
    }

    private func launch() throws {
        let guardian = try ServerGuardian(
            command: tool + [ServerProgram.server.path] + options,
            directory: directory,
            environment: environment
        )
        self.guardian.withLock { $0 = guardian }
        let deadline = ContinuousClock.now + MachineLoad.stretched(.seconds(20))
        while !answersPing() {
            guard ContinuousClock.now < deadline, guardian.isServerRunning else {
                throw FixtureError("redis-server does not answer. Its log:\n\(log)")
            }
            // Refused connections come back at once; this only keeps the processor free for the server.
            usleep(2_000)
        }
    }

    /// Stops the server with SIGSTOP: connections stay open, and nothing answers.
    public func suspend() {
        signal(SIGSTOP)
    }

    /// Lets the server go on after ``suspend()``.
    public func resume() {
        signal(SIGCONT)
    }

    /// Leaves no memory for new data for a while: what may need more is refused.
    ///
    /// - Throws: ``FixtureError`` if the server does not answer.
    func fillMemory(for duration: Duration) async throws {
        let probe = try RedisProbe(port: port)
        func set(_ bytes: String) throws {
            let reply = try probe.command("CONFIG", "SET", "maxmemory", bytes)
            guard reply == .status("OK") else { throw FixtureError("CONFIG SET maxmemory: \(reply)") }
        }
        try set("1")
        try await Task.sleep(for: duration)
        try set("0")
    }

    private func signal(_ number: Int32) {
        let pid = pid
        if pid > 0 { _ = Foundation.kill(pid, number) }
    }

    private func take() -> ServerGuardian? {
        guardian.withLock { guardian in
            defer { guardian = nil }
            return guardian
        }
    }

    private func answersPing() -> Bool {
        // A refused connection, or none yet, only means: not yet.
        guard let reply = try? RedisProbe(port: port).command("PING") else { return false }
        return reply == .status("PONG") || (reply.text ?? "").hasPrefix("NOAUTH")
    }
}
