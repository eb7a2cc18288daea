import Bellows
import BellowsConformance
import Foundation
import Testing

@Suite struct BackendAuthorTests {
    static let store = InMemoryBackend()

    @Test(arguments: BackendConformance.checks)
    func conforms(_ check: ConformanceCheck) async throws {
        let environment = ConformanceEnvironment { MeteredBackend(Self.store) }
        if case .notApplicable(let reason) = try await check.run(environment) { try Test.cancel("\(reason)") }
    }

    @Test func rowsComeBackAsTheyWere() throws {
        let options = PublishOptions(availability: .after(.seconds(5)), headers: ["trace": "1"])
        let row = try StoredTask.rows(
            for: [PublishRequest(payload: [1, 2], options: options)],
            limits: TaskLimits(),
            date: Date()
        )[0]
        #expect(row.delay == .seconds(5))
        let task = try row.claimed(by: LeaseToken("1"), in: TaskName("x"), attempt: 1, fence: 1, for: .seconds(20))
        #expect(task.record.payload == [1, 2] && task.record.headers == ["trace": "1"])
        let damaged = StoredTask(id: row.id, record: [0x7F], delay: .zero)
        #expect(
            try damaged.claimed(by: LeaseToken("1"), in: TaskName("x"), attempt: 1, fence: 1, for: .seconds(20))
                .malformed != nil
        )
        #expect(throws: BellowsError.self) {
            try StoredTask(id: "\n", record: [], delay: .zero)
                .claimed(by: LeaseToken("1"), in: TaskName("x"), attempt: 1, fence: 1, for: .seconds(20))
        }
    }
}
