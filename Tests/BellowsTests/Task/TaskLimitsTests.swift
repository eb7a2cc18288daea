import Testing

@testable import Bellows

@Suite struct TaskLimitsTests {
    @Test func sizesStopAt64MiB() {
        let limits = TaskLimits(payload: .max, result: .max)
        #expect(limits.payload == 64 << 20)
        #expect(limits.result == 64 << 20)
        #expect(TaskLimits().payload == 1 << 20)
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
