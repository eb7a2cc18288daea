import Testing

@testable import Bellows

@Suite struct ClaimRequestTests {
    private func validate(_ selection: ClaimRequest.Selection, lease: Duration) throws(BellowsError) {
        let name = try TaskName("a")
        try ClaimRequest(name: name, selection: selection, lease: lease).validate()
    }

    @Test func bordersOfTheRangeAreTaken() throws {
        for lease in [Duration.milliseconds(100), .seconds(86400)] {
            for count in [1, VerbLimits.claimedTasks] { try validate(.earliest(count), lease: lease) }
            try validate(.singleton, lease: lease)
        }
    }

    @Test func whatIsBeyondIsRefused() {
        for lease in [Duration.milliseconds(100) - .nanoseconds(1), .seconds(86400) + .nanoseconds(1)] {
            #expect(throws: BellowsError.lease(lease)) { try validate(.singleton, lease: lease) }
        }
        for count in [0, -1, 101, Int.min, .max] {
            #expect(throws: BellowsError.tooManyItems(count: count, limit: 100)) {
                try validate(.earliest(count), lease: .seconds(1))
            }
        }
    }
}
