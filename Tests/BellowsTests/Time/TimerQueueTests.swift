import Synchronization
import Testing

@testable import Bellows
@testable import BellowsRuntime

@Suite struct TimerQueueTests {
    private final class Fired: Sendable {
        let numbers = Mutex<[Int]>([])
        func action(_ number: Int) -> @Sendable () -> Void { { self.numbers.withLock { $0.append(number) } } }
    }

    @Test func takesWhatIsDueInOrder() {
        var queue = TimerQueue()
        let fired = Fired()
        for number in [3, 1, 2, 1] { _ = queue.add(at: Fixtures.instant(Double(number)), fired.action(number)) }
        #expect(queue.nextInstant() == Fixtures.instant(1))
        #expect(queue.takeDue(at: Fixtures.instant(0.5)).isEmpty)
        for action in queue.takeDue(at: Fixtures.instant(2)) { action() }
        #expect(fired.numbers.withLock(\.self) == [1, 1, 2])
        #expect(queue.nextInstant() == Fixtures.instant(3))
    }

    @Test func cancelledTimersAreSkipped() {
        var queue = TimerQueue()
        let first = queue.add(at: Fixtures.instant(1)) {}
        _ = queue.add(at: Fixtures.instant(2)) {}
        queue.cancel(first)
        queue.cancel(first)
        #expect(queue.nextInstant() == Fixtures.instant(2))
        #expect(queue.takeDue(at: Fixtures.instant(5)).count == 1)
        #expect(queue.nextInstant() == nil)
    }

    @Test func manyCancelledTimersLeaveTheOthersInPlace() {
        var queue = TimerQueue()
        let tokens = (0..<1000).map { queue.add(at: Fixtures.instant(Double($0))) {} }
        for token in tokens.dropLast(3) { queue.cancel(token) }
        #expect(queue.nextInstant() == Fixtures.instant(997))
        #expect(queue.takeDue(at: Fixtures.instant(2000)).count == 3)
    }
}
