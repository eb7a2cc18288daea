import Bellows
import Testing

@testable import BellowsRedis

@Suite struct RedisScriptTests {
    @Test("Each script holds the parts that its header names", arguments: RedisScript.allCases)
    func parts(script: RedisScript) throws {
        let text = script.text
        let header = try #require(text.split(separator: "\n").first { $0.hasPrefix("-- Parts ") })
        let named = header.dropFirst("-- Parts ".count).split { $0 == "," || $0 == ";" || $0 == " " }
        for part in ScriptPart.allCases {
            // A part is known by its first line, because it may hold other parts.
            let count = text.ranges(of: part.text.prefix { $0 != "\n" }).count
            let isNamed = named.contains { $0 == part.rawValue }
            // Prelude, answers and epilogue stand around a script; the others inside it, wherever a case needs them.
            let isAround = part == .prelude || part == .answers || part == .epilogue
            let isRight = isNamed ? count >= 1 && (count == 1 || !isAround) : count == 0
            #expect(isRight, "\(part.rawValue) in \(script.rawValue)")
        }
        #expect(!text.contains("-- ["))
    }

    @Test("Each script says what it takes, returns and keeps true", arguments: RedisScript.allCases)
    func header(script: RedisScript) {
        for word in ["-- KEYS", "-- Returns", "-- Invariant"] { #expect(script.text.contains(word)) }
    }

    @Test("No script mangles numbers, runs data as code, or makes errors of it", arguments: RedisScript.allCases)
    func avoidsTraps(script: RedisScript) {
        #expect(!script.text.contains("cjson"))
        #expect(!script.text.contains("struct."))
        for word in ["error_reply", "loadstring", "dofile"] { #expect(!script.text.contains(word)) }
    }
}
