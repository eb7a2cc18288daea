import Foundation
import Testing

@testable import Bellows

@Suite struct PublishRequestTests {
    private let date = Date(timeIntervalSince1970: 0)
    private let limits = TaskLimits(payload: 10, headers: 8)

    private func validate(_ requests: PublishRequest...) throws(BellowsError) -> [Int64] {
        try PublishRequest.validate(requests, limits: limits, date: date)
    }

    @Test func answersWithDelays() throws {
        let later = PublishRequest(payload: [], options: PublishOptions(availability: .after(.seconds(1))))
        let dated = PublishRequest(
            payload: [],
            options: PublishOptions(availability: .at(date.addingTimeInterval(2)))
        )
        #expect(try validate(PublishRequest(payload: []), later, dated) == [0, 1000, 2000])
        #expect(try PublishRequest.validate([], limits: limits, date: date) == [])
    }

    @Test func payloadAtTheLimitIsTaken() throws {
        #expect(try validate(PublishRequest(payload: [UInt8](repeating: 0, count: 10))) == [0])
        #expect(throws: BellowsError.payloadTooLarge(size: 11, limit: 10)) {
            try validate(PublishRequest(payload: [UInt8](repeating: 0, count: 11)))
        }
    }

    @Test func headersCountNamesAndValues() throws {
        let fitting = PublishOptions(headers: ["abcd": "efgh"])
        #expect(try validate(PublishRequest(payload: [], options: fitting)) == [0])
        #expect(throws: BellowsError.headersTooLarge(size: 9, limit: 8)) {
            try validate(PublishRequest(payload: [], options: PublishOptions(headers: ["abcd": "efgh", "i": ""])))
        }
    }

    @Test func policiesAndWindowsAreChecked() {
        let wrong = [
            PublishOptions(retryPolicy: RetryPolicy(maximumAttempts: 0)),
            PublishOptions(retryPolicy: RetryPolicy(maximumAttempts: 1_000_001)),
            PublishOptions(retryPolicy: RetryPolicy(backoff: Backoff(maximum: .seconds(Int64.max)))),
            PublishOptions(deduplicationWindow: .seconds(-1)),
            PublishOptions(deduplicationWindow: .seconds(Int64.max)),
            PublishOptions(resultRetention: .seconds(-1)),
            PublishOptions(availability: .after(.seconds(Int64.max))),
        ]
        for options in wrong {
            #expect(throws: BellowsError.self) { try validate(PublishRequest(payload: [], options: options)) }
        }
    }

    @Test func listsAreBoundedAndIDsAreUnique() throws {
        let many = [PublishRequest](repeating: PublishRequest(payload: []), count: 101)
        #expect(throws: BellowsError.tooManyItems(count: 101, limit: 100)) {
            try PublishRequest.validate(many, limits: limits, date: date)
        }
        let large = PublishRequest(payload: [UInt8](repeating: 0, count: 1 << 20))
        _ = try PublishRequest.validate([PublishRequest](repeating: large, count: 64), limits: TaskLimits(), date: date)
        #expect(throws: BellowsError.listTooLarge(limit: 64 << 20)) {
            let list = [PublishRequest](repeating: large, count: 65)
            return try PublishRequest.validate(list, limits: TaskLimits(), date: date)
        }
        let id = try TaskID("twice")
        let named = PublishRequest(payload: [], options: PublishOptions(id: id))
        #expect(throws: BellowsError.duplicateID(id)) { try validate(named, named) }
    }

    @Test func onlyACallersIDHasAWindow() throws {
        #expect(PublishRequest(payload: [1]).record.deduplicationWindow == nil)
        let named = PublishRequest(payload: [1], options: PublishOptions(id: try TaskID("a")))
        #expect(named.record.deduplicationWindow == PublishOptions.defaultRetention)
        #expect(named.makeID().rawValue == "a")
    }

    @Test func awaitingPresetsTheID() {
        var request = PublishRequest(payload: [])
        let id = request.prepareForAwaiting()
        #expect(request.makeID() == id)
        #expect(request.options.announcesResult)
        #expect(request.options.resultRetention == PublishOptions.defaultRetention)
        #expect(request.record.deduplicationWindow == nil, "the id is not the caller's")
    }
}
