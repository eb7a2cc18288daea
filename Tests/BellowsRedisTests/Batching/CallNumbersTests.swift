import Bellows
import BellowsTesting
import Testing

@testable import BellowsRedis

@Suite struct CallNumbersTests {
    @Test("When the call that was in the way ends, all that wait begin, in their order, and nobody overtakes them")
    func letsAllIn() throws {
        let numbers = CallNumbers(timeSource: ManualTimeSource())
        let name = try TaskName("a")
        let begun = EventProbe<UInt64>()
        func begin() -> CallNumber? {
            let before = begun.events.count
            numbers.begin(name) { begun.record($0.value) }
            guard begun.events.count > before else { return nil }
            return begun.events.last.map { CallNumber(value: $0, refreshesAnswers: false) }
        }
        let first = try #require(begin())
        for _ in 1..<CallWindow.width { numbers.end(try #require(begin()), name) }
        for _ in 0..<10 { #expect(begin() == nil) }
        numbers.end(first, name)
        #expect(begun.events == Array(1...CallWindow.width + 10))
        #expect(begin()?.value == CallWindow.width + 11)
        #expect(try TaskName("b") != name)
    }
}
