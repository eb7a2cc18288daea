import BellowsRedis
import RedisFixture

/// What is done over and over while instructions are counted: the same commands with the same bytes in each run.
enum ScriptWorkload: String, CaseIterable {
    case publishOne = "publish 1"
    case claimAndFinishOne = "claim and finish 1"
    case publishMany = "publish 100"
    case finishAndClaimMany = "finish and claim 50"

    private static let base = "bellows:2:{cost}"
    private static let process = "0123456789abcdef"
    /// A record without headers and a payload of 100 bytes, as `RecordCoder` makes it.
    private static let record = "\u{1}\u{0}" + String(repeating: "x", count: 100)
    private static let tasksAlone = 1000
    private static let callsOfMany = 24
    /// How often something is done before it is counted: hash tables grow, caches fill.
    private static let warmUp = 100

    /// Instructions of the server for one task.
    func run(on server: CountedServer) throws -> Int {
        try server.command("FLUSHALL")
        // As a process does with its first claim, which notes its lease; nobody waits for tasks afterwards.
        try claim(server, 1, call: 0, flags: "LW")
        try server.command("DEL", "\(Self.base):waiting")
        switch self {
        case .publishOne: return try publishOne(server)
        case .claimAndFinishOne: return try claimAndFinishOne(server)
        case .publishMany: return try publishMany(server)
        case .finishAndClaimMany: return try finishAndClaimMany(server)
        }
    }

    private func publishOne(_ server: CountedServer) throws -> Int {
        for index in 0..<Self.warmUp { try publish(server, index..<(index + 1)) }
        return try server.instructions {
            for index in 0..<Self.tasksAlone { try publish(server, (index + Self.warmUp)..<(index + Self.warmUp + 1)) }
        } / Self.tasksAlone
    }

    private func claimAndFinishOne(_ server: CountedServer) throws -> Int {
        let count = Self.warmUp + Self.tasksAlone
        for index in 0..<count { try publish(server, index..<(index + 1)) }
        // Fifty leases at a time, as in a busy worker.
        func go(_ indices: Range<Int>) throws {
            for start in stride(from: indices.lowerBound, to: indices.upperBound, by: 50) {
                for index in start..<(start + 50) { try claim(server, 1, call: index + 1, flags: "W") }
                for index in start..<(start + 50) {
                    try server.run(.finish, Self.base, Self.call(count + index) + Self.ended(index, call: index + 1))
                }
            }
        }
        try go(0..<Self.warmUp)
        return try server.instructions { try go(Self.warmUp..<count) } / Self.tasksAlone
    }

    private func publishMany(_ server: CountedServer) throws -> Int {
        try publish(server, 0..<100)
        try publish(server, 100..<200)
        return try server.instructions {
            for call in 2..<(Self.callsOfMany + 2) { try publish(server, (call * 100)..<(call * 100 + 100)) }
        } / (Self.callsOfMany * 100)
    }

    private func finishAndClaimMany(_ server: CountedServer) throws -> Int {
        for start in stride(from: 0, to: (Self.callsOfMany + 4) * 50, by: 100) {
            try publish(server, start..<(start + 100))
        }
        try claim(server, 50, call: 1, flags: "W")
        func go(_ calls: Range<Int>) throws {
            for call in calls {
                let ended = (((call - 1) * 50)..<(call * 50)).flatMap { Self.ended($0, call: call) }
                let claim = ["50", "20000", "\(Self.process)-\(call + 1)", "W"]
                try server.run(.finishAndClaim, Self.base, Self.call(100_000 + call) + ended + claim)
            }
        }
        try go(1..<3)
        return try server.instructions { try go(3..<(Self.callsOfMany + 3)) } / (Self.callsOfMany * 50)
    }

    private func publish(_ server: CountedServer, _ indices: Range<Int>) throws {
        let tasks = indices.flatMap { [Self.id($0), "", Self.record] }
        try server.run(.publish, Self.base, Self.call(indices.lowerBound) + tasks)
    }

    private func claim(_ server: CountedServer, _ count: Int, call: Int, flags: String) throws {
        try server.run(.claim, Self.base, [String(count), "20000", "\(Self.process)-\(call)", flags])
    }

    private static func call(_ number: Int) -> [String] { [process, String(number), ""] }

    private static func ended(_ index: Int, call: Int) -> [String] { [id(index), "1:\(process)-\(call)", "", ""] }

    /// Twenty-six characters, as the library makes them.
    private static func id(_ index: Int) -> String {
        let digits = String(index)
        return "01KB0000" + String(repeating: "0", count: 18 - digits.count) + digits
    }
}
