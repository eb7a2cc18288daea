import Testing

@testable import BellowsRedis

@Suite struct KeyFactsTests {
    @Test(arguments: [
        ("bellows:1:{a}:p", "p"), ("bellows:1:{a}:xe", "xe"), ("bellows:1:{a}:r:x:y", "r"), ("bellows:1:{a}:c:0f", "c"),
    ])
    func knowsThePlace(_ key: String, _ place: String) {
        #expect(KeyFacts.place(of: key).map(String.init) == place)
    }

    @Test(arguments: [
        "bellows:1:{a}", "bellows:1:{a}:", "bellows:1:{a}:y", "bellows:1:{a}:p:x", "bellows:1:{a}:r",
        "bellows:1:{a}:r:",
        "bellows:1:inbox", "bellows:1:{a}p",
    ])
    func knowsNoOther(_ key: String) {
        #expect(KeyFacts.place(of: key) == nil)
        #expect(KeyFacts(key: key, type: "string", expiry: -1).problem()?.kind == .unknownKey)
    }

    @Test func judgesTypeAndExpiry() {
        func kind(_ place: String, _ type: String, _ expiry: Int64) -> StoreViolation.Kind? {
            KeyFacts(key: "bellows:1:{a}:\(place)", type: type, expiry: expiry).problem()?.kind
        }
        #expect(kind("p", "hash", -1) == nil)
        #expect(kind("p", "string", -1) == .wrongType)
        #expect(kind("p", "hash", 500) == .expiry)
        #expect(kind("r:1", "string", 500) == nil)
        #expect(kind("r:1", "string", -1) == .expiry)
        #expect(kind("c:1", "hash", 600_000) == nil)
        #expect(kind("c:1", "hash", 600_001) == .expiry)
        #expect(kind("r:1", "none", -2) == nil, "it is gone")
    }
}
