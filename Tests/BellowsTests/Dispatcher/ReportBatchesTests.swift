import Testing

@testable import Bellows

@Suite struct ReportBatchesTests {
    private func slots(_ action: StoreCall?) -> [SlotID]? {
        switch action {
        case .finish(_, let slots, _), .fail(_, let slots, _), .release(_, let slots, _, _), .renew(_, let slots, _):
            slots
        case .claim, .forwardWakeUp, nil: nil
        }
    }

    @Test func splitsByCountAndBytes() throws {
        let lease = try Fixtures.lease()
        var batches = ReportBatches([lease.name])
        for number in 0..<250 {
            let report = AttemptReport.finish(FinishRequest(lease: lease, result: [1]))
            batches.add(SlotID(number: UInt64(number)), report, definition: 0)
        }
        for count in [100, 100, 50] { #expect(slots(batches.nextReport(definition: 0))?.count == count) }
        #expect(batches.nextReport(definition: 0) == nil)

        let large = [UInt8](repeating: 0, count: 600_000)
        for number in 0..<3 {
            let report = AttemptReport.finish(FinishRequest(lease: lease, result: large))
            batches.add(SlotID(number: UInt64(number)), report, definition: 0)
        }
        for number in 0..<3 {
            #expect(slots(batches.nextReport(definition: 0)) == [SlotID(number: UInt64(number))])
        }
        #expect(batches.nextReport(definition: 0) == nil)
    }

    @Test func givesBackForOneTimeInACall() throws {
        let lease = try Fixtures.lease()
        var batches = ReportBatches([lease.name])
        for (number, seconds) in [0, 0, 5, 10, 10].enumerated() {
            let report = AttemptReport.release(lease, after: .seconds(seconds))
            batches.add(SlotID(number: UInt64(number)), report, definition: 0)
        }
        for (count, seconds) in [(2, 0), (1, 5), (2, 10)] {
            let action = batches.nextReport(definition: 0)
            #expect(slots(action)?.count == count)
            guard case .release(_, _, _, after: .seconds(seconds)) = action else {
                Issue.record("not a release for \(seconds) s")
                return
            }
        }
        #expect(batches.nextReport(definition: 0) == nil)
    }

    @Test func keepsDefinitionsAndVerbsApart() throws {
        let (a, b) = (try Fixtures.lease(name: "a"), try Fixtures.lease(name: "b"))
        var batches = ReportBatches([a.name, b.name])
        batches.renew(SlotID(number: 1), a, definition: 0)
        batches.renew(SlotID(number: 2), b, definition: 1)
        batches.add(SlotID(number: 3), .release(a), definition: 0)
        batches.add(SlotID(number: 4), .finish(FinishRequest(lease: a)), definition: 0)
        #expect(slots(batches.nextRenewal(definition: 0)) == [SlotID(number: 1)])
        #expect(slots(batches.nextRenewal(definition: 1)) == [SlotID(number: 2)])
        #expect(slots(batches.nextReport(definition: 0)) == [SlotID(number: 4)])
        #expect(slots(batches.nextReport(definition: 0)) == [SlotID(number: 3)])
        #expect(batches.nextReport(definition: 1) == nil)
    }
}
