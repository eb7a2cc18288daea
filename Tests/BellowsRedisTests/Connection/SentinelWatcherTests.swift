import Testing

@testable import BellowsRedis

@Suite struct SentinelWatcherTests {
    @Test(
        "Only a change of our service counts",
        arguments: [
            ("main 1.2.3.4 1 5.6.7.8 2", "5.6.7.8:2"), ("other 1.2.3.4 1 5.6.7.8 2", nil), ("main", nil), ("", nil),
            ("main 1.2.3.4 1 5.6.7.8 2 x", nil),
        ]
    )
    func reads(payload: String, expected: String?) {
        #expect(SentinelWatcher.newPrimary(of: "main", in: Array(payload.utf8)) == expected)
    }
}
