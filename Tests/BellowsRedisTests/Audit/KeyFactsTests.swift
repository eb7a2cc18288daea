import Testing

@testable import BellowsRedis

@Suite struct KeyFactsTests {
    @Test(arguments: [
        "bellows:2:{a}", "bellows:2:{a}:", "bellows:2:{a}:y", "bellows:2:{a}:records x", "bellows:2:{a}:r",
        "bellows:2:{a}:r ", "bellows:2:inbox", "bellows:2:{a}records", "bellows:2:{a}:r:x",
    ])
    func knowsNoOther(_ key: String) {
        #expect(RedisKeySpace.kind(of: key) == nil)
        #expect(KeyFacts(key: key, type: "string", expiry: -1).problem()?.kind == .unknownKey)
    }

    @Test func judgesTypeAndExpiry() {
        func kind(_ place: String, _ type: String, _ expiry: Int64) -> StoreViolation.Kind? {
            KeyFacts(key: "bellows:2:{a}:\(place)", type: type, expiry: expiry).problem()?.kind
        }
        #expect(kind("records", "hash", -1) == nil)
        #expect(kind("records", "string", -1) == .wrongType)
        #expect(kind("records", "hash", 500) == .expiry)
        #expect(kind("r 1", "string", 500) == nil)
        #expect(kind("r 1", "string", -1) == .expiry)
        #expect(kind("replay 1", "hash", 600_000) == nil)
        #expect(kind("replay 1", "hash", 600_001) == .expiry)
        #expect(kind("r 1", "none", -2) == nil, "it is gone")
    }
}
