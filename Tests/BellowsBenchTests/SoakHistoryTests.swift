import Testing

@testable import bellows_bench

/// A checker that can find nothing checks nothing.
@Suite struct SoakHistoryTests {
    private func history(_ lines: String...) -> SoakHistory {
        SoakHistory(lines.map { $0.split(separator: " ") })
    }

    @Test func anOrdinaryLifeIsFine() {
        let history = history(
            "acknowledged soak.plain a 90",
            "start soak.plain a 1 7 100",
            "end soak.plain a 1 7 200 2100 ok"
        )
        #expect(history.acknowledgedCount == 1)
        #expect(history.lost(.plain).isEmpty && history.overlaps.isEmpty && history.repeatedRuns == 0)
    }

    @Test func findsWhatIsLost() {
        let never = history("acknowledged soak.plain a 90")
        #expect(never.lost(.plain) == ["a"])
        let failed = history(
            "acknowledged soak.plain a 90",
            "start soak.plain a 1 7 100",
            "end soak.plain a 1 7 200 2100 failed"
        )
        #expect(failed.lost(.plain) == ["a"])
        #expect(failed.lost(.given).isEmpty)
        #expect(history("acknowledged soak.doomed a 90").lost(.doomed) == ["a"])
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

    @Test func excusesOnlyWhatAFlushMayHaveRemoved() {
        let history = history(
            "acknowledged soak.plain old -40000",
            "acknowledged soak.plain young 85000",
            "acknowledged soak.plain new 90200",
            "result young none 85000 95000",
            "result new none 90200 99000",
            "result other wrong 85000 95000",
            "start soak.tick ~singleton 1 7 90000",
            "ruin flushStore 90000 90100",
            "flushed soak.plain 5 1",
            "flushed soak.plain 2 0"
        )
        #expect(history.lost(.plain).sorted() == ["new", "old"])
        #expect(history.removed(.plain) == 1 && history.ruined(.plain) == 1)
        #expect(history.results == ["excused": 1, "none": 1, "wrong": 1])
        #expect(history.flushed["soak.plain"]?.finished == 7)
        #expect(!history.singletonGoesOn)
    }

    @Test func excusesOnlyWhatAServersClockMayHaveDone() {
        let early = ["early soak.delayed a 30000", "early soak.delayed b 50000"]
        let runs = ["start soak.plain a 1 7 100", "start soak.plain a 2 8 500", "end soak.plain a 1 7 900 2000 ok"]
        let lines = early + runs + ["acknowledged soak.plain b 90"]
        #expect(SoakHistory(lines.map { $0.split(separator: " ") }).overlaps.count == 1)
        let stepped = SoakHistory(
            (lines + ["ruin stepServerClock 26000 26010", "ruin stepServerClock 300 310"]).map {
                $0.split(separator: " ")
            }
        )
        #expect(stepped.early == 1)
        #expect(stepped.overlaps.isEmpty)
        #expect(stepped.lost(.plain) == ["b"])
    }

    @Test func countsTheRest() {
        let history = history(
            "early soak.delayed a 30",
            "result a right 10 20",
            "result b none 10 20",
            "unknown soak.plain -",
            "refused soak.plain",
            "drained 7 0.5",
            "drained 8 never",
            "garbage",
            "end soak.plain nobody 1 7 1 1 ok"
        )
        #expect(history.early == 1)
        #expect(history.results == ["right": 1, "none": 1])
        #expect(history.unknown == ["soak.plain": 1])
        #expect(history.refused == 1)
        #expect(history.drains == [0.5, nil])
    }
}
