import Bellows
import Testing

@testable import BellowsRedis

@Suite struct RedisScriptTests {
    @Test("Each script holds the parts that its header names", arguments: RedisScript.allCases)
    func parts(script: RedisScript) throws {
        let text = String(decoding: script.body, as: UTF8.self)
        let header = try #require(text.split(separator: "\n").first { $0.hasPrefix("-- Parts ") })
        let named = header.dropFirst("-- Parts ".count).split(separator: ",").map { $0.filter { $0 != " " } }
        let marks = [
            "prelude": "local call, B, format", "answers": "local function keep(", "results": "local function settle(",
            "bury": "local function bury(",
        ]
        for (part, mark) in marks {
            #expect(text.contains(mark) == named.contains(part), "\(part) in \(script.rawValue)")
        }
    }

    @Test("Each script says what it takes, returns and keeps true", arguments: RedisScript.allCases)
    func header(script: RedisScript) {
        let text = String(decoding: script.body, as: UTF8.self)
        for word in ["-- KEYS", "-- Returns", "-- Invariant"] { #expect(text.contains(word)) }
    }

    @Test("No script uses what mangles numbers", arguments: RedisScript.allCases)
    func avoidsTraps(script: RedisScript) {
        let text = String(decoding: script.body, as: UTF8.self)
        #expect(!text.contains("cjson"))
        #expect(!text.contains("struct."))
    }
}
