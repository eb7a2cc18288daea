import Bellows
import RedisFixture
import Testing

@testable import BellowsRedis

/// A definition of its own on a real server, whose whole state can be written down and compared.
struct ScriptBench {
    /// The process id that the state shows.
    static let process = "0123456789abcdef"
    /// A time that is always in the past, and one that is always ahead.
    static let (past, ahead) = ("1000", "9000000000000")

    let base: String
    let probe: RedisProbe

    /// - Parameter server: the shared one unless a test harms it.
    init(_ label: String, on server: RedisServer? = nil) throws {
        let server = try server ?? RedisServer.shared.get()
        probe = try RedisProbe(port: server.port)
        base = "script:2:{\(label)-\(UInt32.random(in: .min ... .max))}"
    }

    /// Runs a script on the definition.
    @discardableResult
    func run(_ script: RedisScript, _ arguments: String...) throws -> ProbeReply {
        try run(script, arguments)
    }

    /// The same with a list.
    @discardableResult
    func run(_ script: RedisScript, _ arguments: [String]) throws -> ProbeReply {
        let parts = [Array("EVAL".utf8), Array(script.text.utf8), Array("1".utf8), Array(base.utf8)]
        return try probe.command(parts + arguments.map { Array($0.utf8) })
    }

    /// Puts the definition into a state: one command for each line, `:key` for a key of the definition; `_` in it stands
    /// for a space, as `·` does everywhere.
    func seed(_ commands: [String]) throws {
        for command in commands {
            var parts = command.split(separator: " ").map { $0.replacing("·", with: " ") }
            if parts[1].hasPrefix(":") { parts[1] = base + parts[1].replacing("_", with: " ") }
            if case .error(let text) = try probe.command(parts.map { Array($0.utf8) }) {
                throw FixtureFailure("\(command): \(text)")
            }
        }
    }

    /// The whole state: one line for each key, sorted. Times are `past`, `now` or `ahead`; answers that are kept
    /// for repetitions are left out.
    func state() throws -> [String] {
        guard case .array(let keys) = try probe.command("KEYS", "\(base)*") else { return [] }
        let names = keys.compactMap(\.text).map { String($0.dropFirst(base.count)) }
        return try names.filter { !$0.hasPrefix(":replay ") }.map { "\($0) \(try content(of: $0))" }.sorted()
    }

    private func content(of key: String) throws -> String {
        let key = base + key
        switch try probe.command("TYPE", key).text {
        case "string": return try text("GET", key)
        case "set": return try text("SMEMBERS", key)
        case "list": return try text("LRANGE", key, "0", "-1")
        case "hash": return try pairs("HGETALL", key) { $0 }.sorted().joined(separator: " ")
        case "zset":
            let clock = try Double(text("TIME").split(separator: " ")[0]) ?? 0
            return try pairs("ZRANGE", key, "0", "-1", "WITHSCORES") { score in
                let distance = (Double(score) ?? 0) / 1000 - clock
                return abs(distance) < 60 ? "now" : distance < 0 ? "past" : "ahead"
            }.joined(separator: " ")
        case let type: return type ?? "none"
        }
    }

    private func text(_ parts: String...) throws -> String {
        switch try probe.command(parts.map { Array($0.utf8) }) {
        case .array(let items): items.compactMap(\.text).joined(separator: " ")
        case let reply: reply.text ?? ""
        }
    }

    private func pairs(_ parts: String..., show: (String) -> String) throws -> [String] {
        guard case .array(let items) = try probe.command(parts.map { Array($0.utf8) }) else { return [] }
        return stride(from: 0, to: items.count - 1, by: 2).map { index in
            "\(items[index].text ?? "")=\(show(items[index + 1].text ?? ""))"
        }
    }
}

/// A test could not be set up.
struct FixtureFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension ProbeReply {
    /// The reply in one line, for comparing: without fences, which differ each time.
    var line: String {
        switch self {
        case .array(let parts): "[" + parts.filter { $0.fence == nil }.map(\.line).joined(separator: " ") + "]"
        case .null: "nil"
        default: text ?? ""
        }
    }

    /// The number that a claim got, or each of its parts may be: the server's time in microseconds, as text.
    var fence: Int64? {
        guard case .bytes(let bytes) = self, bytes.count == 16 else { return nil }
        return Int64(String(decoding: bytes, as: UTF8.self))
    }
}
