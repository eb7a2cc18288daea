import Foundation
import RedisFixture

/// What the machine can do at this moment: redis-benchmark with a script of the shape of a claim, on a server of its own
/// that holds nothing else. Every rate is told as a ratio to it.
final class Baseline: Sendable {
    /// Bench figures without these options cannot be compared.
    static let options = ["-n", "100000", "-c", "50", "-P", "16"]

    private let server: RedisServer
    private let script = """
        local popped = redis.call('ZPOPMIN', KEYS[1])
        redis.call('HSET', KEYS[1] .. ':h', popped[1], '1')
        redis.call('ZADD', KEYS[1] .. ':z', '1', popped[1])
        return popped[1]
        """

    init() throws {
        server = try RedisServer.start()
    }

    func stop() {
        server.stop()
    }

    /// Scripts a second.
    func rate() throws -> Double {
        let probe = try RedisProbe(port: server.port)
        _ = try probe.command("FLUSHALL")
        let fill = "for i = 1, 1000 do redis.call('ZADD', KEYS[1], ARGV[1] + i, 'member:' .. (ARGV[1] + i)) end"
        for start in stride(from: 0, to: 100_000, by: 1000) {
            _ = try probe.command("EVAL", fill, "1", "{b}", "\(start)")
        }
        guard let digest = try probe.command("SCRIPT", "LOAD", script).text else { return 0 }
        let output = try CommandOutput.of(
            ["redis-benchmark", "-p", "\(server.port)", "--csv"] + Self.options + ["EVALSHA", digest, "1", "{b}"]
        )
        // The last line: "name","rate",…
        let fields = output.split(separator: "\n").last?.split(separator: ",") ?? []
        guard fields.count > 1, let rate = Double(fields[1].filter { $0 != "\"" }) else { return 0 }
        return rate
    }
}
