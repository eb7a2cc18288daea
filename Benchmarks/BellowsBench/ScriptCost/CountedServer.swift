import BellowsRedis
import Foundation
import RedisFixture

/// A private redis-server under callgrind, which counts the instructions of scripts: from the function that runs one to
/// its end, with every command inside. What reads, writes and looks at the time around it depends on how busy the
/// machine is.
final class CountedServer {
    private let server: RedisServer
    private let probe: RedisProbe
    private let dumps: String
    private var digests: [RedisScript: String] = [:]

    init() throws {
        dumps = NSTemporaryDirectory() + "bellows-cost-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: dumps, withIntermediateDirectories: true)
        server = try RedisServer.start(
            arguments: ["--appendonly", "no", "--hz", "1", "--io-threads", "1", "--activerehashing", "no"],
            under: [
                "valgrind", "--quiet", "--tool=callgrind", "--toggle-collect=evalShaCommand",
                "--callgrind-out-file=\(dumps)/out",
            ]
        )
        probe = try RedisProbe(port: server.port, patience: 120)
    }

    /// Ends the server.
    func stop() {
        server.stop()
        do {
            try FileManager.default.removeItem(atPath: dumps)
        } catch {
            FileHandle.standardError.write(Data("\(dumps) was not removed: \(error)\n".utf8))
        }
    }

    /// The server's version.
    func release() throws -> String {
        let lines = try probe.command("INFO", "server").text?.split(whereSeparator: \.isNewline) ?? []
        guard let line = lines.first(where: { $0.hasPrefix("redis_version:") }) else {
            throw FixtureError("the server does not tell its version")
        }
        return String(line.dropFirst("redis_version:".count))
    }

    /// Sends a command, and throws if the answer is an error.
    @discardableResult
    func command(_ parts: String...) throws -> ProbeReply { try send(parts) }

    /// Runs a script on a definition, by its digest as a backend does.
    @discardableResult
    func run(_ script: RedisScript, _ base: String, _ arguments: [String]) throws -> ProbeReply {
        let digest = try digests[script] ?? send(["SCRIPT", "LOAD", script.text]).text ?? ""
        digests[script] = digest
        return try send(["EVALSHA", digest, "1", base] + arguments)
    }

    /// How many instructions the scripts take in what is done.
    func instructions(_ body: () throws -> Void) throws -> Int {
        _ = try takeCount()
        try body()
        return try takeCount()
    }

    private func send(_ parts: [String]) throws -> ProbeReply {
        let reply = try probe.command(parts.map { [UInt8]($0.utf8) })
        if case .error(let text) = reply { throw FixtureError("\(parts[0]) was refused: \(text)") }
        return reply
    }

    /// The instructions since the last time.
    private func takeCount() throws -> Int {
        let (status, output) = try Program.run(["callgrind_control", "--dump", String(server.pid)])
        guard status == 0 else { throw FixtureError("callgrind_control: \(output)") }
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: dumps) where name.hasPrefix("out.") {
            let path = "\(dumps)/\(name)"
            let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
            // A dump is of one thread or of all; the others of Redis sleep.
            for line in text.split(separator: "\n") where line.hasPrefix("totals:") || line.hasPrefix("summary:") {
                count = max(count, line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
            }
            try FileManager.default.removeItem(atPath: path)
        }
        guard count > 0 else { throw FixtureError("callgrind has counted nothing") }
        return count
    }
}
