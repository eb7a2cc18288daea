import Testing

@testable import bellows_bench

@Suite("The table of what scripts cost")
struct ScriptCostTableTests {
    private func table(_ counts: (String, Int)..., release: String = "7.0.15") -> ScriptCostTable {
        ScriptCostTable(
            release: release,
            rows: counts.map { ScriptCostTable.Row(workload: $0.0, instructions: $0.1, reason: "first") }
        )
    }

    @Test("A table is read as it was written")
    func text() throws {
        let table = table(("publish 1", 1000), ("claim 1", 2000))
        #expect(try ScriptCostTable(table.text) == table)
        #expect(throws: ScriptCostTable.Malformed.self) { try ScriptCostTable("publish 1\t1000\tfirst\n") }
        #expect(throws: ScriptCostTable.Malformed.self) { try ScriptCostTable(table.text + "claim 2\tmany\tfirst\n") }
    }

    @Test("More than two per cent more is too much; less is only told")
    func judge() {
        let known = table(("publish 1", 1000))
        #expect(known.judge(table(("publish 1", 1020))).isFine)
        #expect(!known.judge(table(("publish 1", 1021))).isFine)
        let less = known.judge(table(("publish 1", 900)))
        #expect(less.isFine && less.lines == ["publish 1: -10.0 % against 1000"])
        #expect(!known.judge(table(("publish 2", 1000))).isFine, "not in the table")
        #expect(!known.judge(table(("publish 1", 1000), release: "8.0.2")).isFine, "another server")
    }

    @Test("A new reason stands only where a number has changed")
    func accepted() {
        let known = table(("publish 1", 1000), ("claim 1", 2000))
        let measured = table(("publish 1", 1009), ("claim 1", 2021), ("fail 1", 5))
        let rows = measured.accepted(over: known, because: "a fence").rows
        #expect(rows.map(\.instructions) == [1000, 2021, 5])
        #expect(rows.map(\.reason) == ["first", "a fence", "a fence"])
    }
}
