import Testing

@testable import Bellows

@Suite struct ReportBatchesTests {
    @Test func splitsByCountAndBytes() throws {
        var batches = ReportBatches()
        let lease = try Fixtures.lease()
        for number in 0..<250 {
            batches.add(SlotID(number: UInt64(number)), .finish(FinishRequest(lease: lease, result: [1])))
        }
        let counts = batches.takeActions().map { action -> Int in
            if case .finish(_, let slots, _) = action { slots.count } else { 0 }
        }
        #expect(counts == [100, 100, 50])
        #expect(batches.takeActions().isEmpty)

        let large = [UInt8](repeating: 0, count: 600_000)
        for number in 0..<3 {
            batches.add(SlotID(number: UInt64(number)), .finish(FinishRequest(lease: lease, result: large)))
        }
        #expect(batches.takeActions().count == 3)
    }

    @Test func keepsDefinitionsAndKindsApart() throws {
        var batches = ReportBatches()
        batches.renew(SlotID(number: 1), try Fixtures.lease(name: "a"))
        batches.renew(SlotID(number: 2), try Fixtures.lease(name: "b"))
        batches.renew(SlotID(number: 3), try Fixtures.lease(kind: .singleton, name: "a"))
        #expect(batches.takeActions().count == 3)
    }
}
