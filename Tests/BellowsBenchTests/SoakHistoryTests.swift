import Testing

@testable import bellows_bench

/// A checker that can find nothing checks nothing.
@Suite struct SoakHistoryTests {
    private func history(_ lines: String...) -> SoakHistory {
        SoakHistory(lines.map { $0.split(separator: " ") })
    }

    @Test func anOrdinaryLifeIsFine() {
        let history = history(
            "acknowledged soak.plain a",
            "start soak.plain a 1 7 100",
            "end soak.plain a 1 7 200 2100 ok"
        )
        #expect(history.acknowledgedCount == 1)
        #expect(history.lost(.plain).isEmpty && history.overlaps.isEmpty && history.repeatedRuns == 0)
    }

    @Test func findsWhatIsLost() {
        let never = history("acknowledged soak.plain a")
        #expect(never.lost(.plain) == ["a"])
        let failed = history(
            "acknowledged soak.plain a",
            "start soak.plain a 1 7 100",
            "end soak.plain a 1 7 200 2100 failed"
        )
        #expect(failed.lost(.plain) == ["a"])
        #expect(failed.lost(.given).isEmpty)
        #expect(history("acknowledged soak.doomed a").lost(.doomed) == ["a"])
    }

    @Test func findsOverlaps() {
        let first = "start soak.tick ~singleton 1 7 100"
        let second = "start soak.tick ~singleton 2 8 500"
        #expect(history(first, second, "end soak.tick ~singleton 1 7 900 2000 ok").overlaps.count == 1)
        let stopped = history(first, second, "end soak.tick ~singleton 1 7 900 400 failed")
        #expect(stopped.overlaps.isEmpty, "its lease had ended before")
        #expect(stopped.repeatedRuns == 1)
        #expect(history(first, "killed 7 300", second).overlaps.isEmpty)
        #expect(history(first, "end soak.tick ~singleton 1 7 499 2000 ok", second).overlaps.isEmpty)
    }

    @Test func countsTheRest() {
        let history = history(
            "early soak.delayed a 30",
            "result a right",
            "result b none",
            "unknown soak.plain -",
            "drained 7 0.5",
            "drained 8 never",
            "garbage",
            "end soak.plain nobody 1 7 1 1 ok"
        )
        #expect(history.early == 1)
        #expect(history.results == ["right": 1, "none": 1])
        #expect(history.unknown == ["soak.plain": 1])
        #expect(history.drains == [0.5, nil])
    }
}
