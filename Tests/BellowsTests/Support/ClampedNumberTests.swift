import Bellows
import Testing

/// Numbers that a store tells may be anything, and sums of them end at the greatest and the least.
@Suite struct ClampedNumberTests {
    @Test(arguments: [(1, 2, 3), (.max, 1, .max), (.min, -1, .min), (.max, .min, -1)])
    func adds(_ first: Int, _ second: Int, _ sum: Int) {
        #expect(first.addingClamped(second) == sum)
    }

    @Test(arguments: [(1, 2, -1), (.min, 1, .min), (.max, -1, .max), (0, .min, .max), (.min, .min, 0)])
    func subtracts(_ first: Int, _ second: Int, _ difference: Int) {
        #expect(first.subtractingClamped(second) == difference)
    }

    @Test func countsOfParts() {
        var sum = TaskStatistics(ready: 1, finishedTotal: .max - 1)
        sum += TaskStatistics(ready: 2, finishedTotal: 7)
        #expect(sum == TaskStatistics(ready: 3, finishedTotal: .max))
    }
}
