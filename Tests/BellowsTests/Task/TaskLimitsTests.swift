import Testing

@testable import Bellows

@Suite struct TaskLimitsTests {
    @Test func whatNoStoreTakesIsRefusedAndNotChanged() async throws {
        try TaskLimits().validate()
        try TaskLimits(payload: 64 << 20, result: 64 << 20, headers: 0, errorText: 0).validate()
        let refused = [
            TaskLimits(payload: .max), TaskLimits(result: (64 << 20) + 1), TaskLimits(headers: -1),
            TaskLimits(errorText: (1 << 20) + 1),
        ]
        for limits in refused {
            let error = try #require(throws: BellowsError.self) { try limits.validate() }
            #expect(error.code == .invalidConfiguration)
            // A backend that nobody connects to a server says so at its first use.
            let backend = InMemoryBackend(limits: limits)
            #expect(backend.limits == limits)
            await #expect(throws: error.during(.publish)) {
                try await backend.publish([PublishRequest(payload: [])], to: TaskName("x"))
            }
        }
    }

    @Test func errorTextIsCutOnACharactersBorder() {
        let limits = TaskLimits(errorText: 10)
        #expect(limits.truncated("0123456789") == "0123456789")
        #expect(limits.truncated("0123456789a") == "0123456789")
        #expect(limits.truncated("012345678é") == "012345678")
        #expect(limits.truncated("01234567🔥") == "01234567")
        #expect(limits.truncated("") == "")
        #expect(TaskLimits(errorText: 0).truncated("🔥") == "")
    }
}
