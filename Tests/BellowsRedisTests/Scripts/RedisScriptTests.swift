import Bellows
import Testing

@testable import BellowsRedis

@Suite struct RedisScriptTests {
    @Test("Each script holds the parts that its header names, once", arguments: RedisScript.allCases)
    func parts(script: RedisScript) throws {
        let text = script.text
        let header = try #require(text.split(separator: "\n").first { $0.hasPrefix("-- Parts ") })
        let named = header.dropFirst("-- Parts ".count).split { $0 == "," || $0 == ";" || $0 == " " }
        for part in ScriptPart.allCases {
            // A part is known by its first line, because it may hold other parts.
            let count = text.ranges(of: part.text.prefix { $0 != "\n" }).count
            let isNamed = named.contains { $0 == part.rawValue }
            // The usual case and the general one, and the bodies in one script, have the parts that they use.
            let most = script == .finishAndClaim ? 4 : part == .clock || part == .wake ? 2 : 1
            #expect(isNamed ? (1...most).contains(count) : count == 0, "\(part.rawValue) in \(script.rawValue)")
        }
        #expect(!text.contains("-- ["))
    }

    @Test("Each script says what it takes, returns and keeps true", arguments: RedisScript.allCases)
    func header(script: RedisScript) {
        for word in ["-- KEYS", "-- Returns", "-- Invariant"] { #expect(script.text.contains(word)) }
    }

    @Test("No script uses what mangles numbers", arguments: RedisScript.allCases)
    func avoidsTraps(script: RedisScript) {
        #expect(!script.text.contains("cjson"))
        #expect(!script.text.contains("struct."))
    }
}
