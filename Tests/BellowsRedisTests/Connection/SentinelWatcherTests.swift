import Testing

@testable import BellowsRedis

@Suite struct SentinelWatcherTests {
    @Test(
        "Only a change of our service counts",
        arguments: [
            ("main 1.2.3.4 1 5.6.7.8 2", "5.6.7.8:2"), ("other 1.2.3.4 1 5.6.7.8 2", nil), ("main", nil), ("", nil),
            ("main 1.2.3.4 1 5.6.7.8 2 x", nil), ("main 1.2.3.4 1 5.6.7.8 70000", nil), ("main 1 1 ::1 2", "[::1]:2"),
        ]
    )
    func reads(payload: String, expected: String?) {
        #expect(SentinelWatcher.newPrimary(of: "main", in: Array(payload.utf8))?.description == expected)
    }

    @Test("For a moment an announcement stands against what other Sentinels still say")
    func news() {
        let news = SentinelNews()
        let start = ContinuousClock.now
        func node(_ port: UInt16) -> RedisConfiguration.Node { RedisConfiguration.Node(host: "h", port: port) }
        let service = RedisConfiguration.Address.sentinel([node(1)], service: "main")
        let other = RedisConfiguration.Address.sentinel([node(1)], service: "other")
        #expect(!news.isOutdated(node(7), of: service, at: start))
        news.note(node(8), of: service, at: start)
        #expect(news.isOutdated(node(7), of: service, at: start))
        #expect(!news.isOutdated(node(8), of: service, at: start))
        #expect(!news.isOutdated(node(7), of: other, at: start))
        news.note(node(9), of: service, at: start + .seconds(1))
        #expect(news.isOutdated(node(8), of: service, at: start + .seconds(3)))
        #expect(!news.isOutdated(node(8), of: service, at: start + .seconds(1) + SentinelNews.validity))
    }
}
