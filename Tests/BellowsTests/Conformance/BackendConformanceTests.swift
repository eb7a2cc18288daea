import BellowsConformance
import BellowsTesting
import TestTurns
import Testing

@testable import BellowsConformance

/// The list itself: a check that can never fail checks nothing.
@Suite(.turn) struct BackendConformanceTests {
    @Test func namesAreUnique() {
        let names = BackendConformance.checks.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count > 100)
    }

    @Test(arguments: Mutation.allCases)
    func findsTheFault(mutation: Mutation) async throws {
        let check = try #require(BackendConformance.checks.first { $0.name == mutation.rawValue })
        let time = ManualTimeSource()
        let mutant = MutantBackend(mutation, timeSource: time)
        await #expect(throws: ConformanceFailure.self) {
            try await check.run(ConformanceEnvironment(manual: time) { mutant })
        }
    }

    @Test func hostileNamesAreAtLeastForty() {
        #expect(Set(HostileNames.refused).count >= 40)
    }

    @Test func stuckChecksEndAndFail() async {
        await #expect(throws: ConformanceFailure.self) {
            try await withDeadline(.milliseconds(10), "a stuck check") {
                try await EventProbe<Void>().wait(forCount: 1)
            }
        }
    }
}
