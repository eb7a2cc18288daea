import Testing

@testable import BellowsRedis

@Suite struct HashSlotTests {
    @Test(
        "The same slots as CLUSTER KEYSLOT answers",
        arguments: [
            ("123456789", 12739), ("foo", 12182), ("{a}", 15495), ("x:{a}:q", 15495), ("", 0), ("{}:x", 5106),
            ("a{b}{c}", 3300), ("{{b}", 6215),
        ]
    )
    func slots(key: String, slot: Int) {
        #expect(HashSlot(of: key).number == slot)
    }

    @Test func numbers() {
        #expect(HashSlot(number: 16_383) != nil)
        #expect(HashSlot(number: 16_384) == nil)
        #expect(HashSlot(number: -1) == nil)
    }
}
