import Bellows
import Testing

@testable import BellowsRedis

@Suite struct BatchQueueTests {
    private typealias Queue = BatchQueue<Int>

    private func entry(_ item: Int, count: Int = 1, bytes: Int = 0, ids: [String] = []) -> Queue.Entry {
        Queue.Entry(item: item, count: count, bytes: bytes, exclusiveIDs: ids)
    }

    @Test("What gathers in one turn goes out together, at its end")
    func gathersInTurn() {
        var queue = Queue()
        #expect(queue.add(entry(1)) == true, "the first arranges the flush")
        #expect(queue.add(entry(2)) == false)
        #expect(queue.takeNext().items == [1, 2])
        #expect(queue.takeNext().items == [], "the flush is over")
        #expect(queue.add(entry(3)) == true, "the next turn")
        #expect(queue.takeNext().items == [3])
    }

    @Test("What is too late does not go out, and those behind it do")
    func leavesOutWhatIsLate() {
        let now = ContinuousClock.now
        func entry(_ item: Int, _ seconds: Int) -> Queue.Entry {
            Queue.Entry(item: item, count: 1, bytes: 0, deadline: now + .seconds(seconds))
        }
        var queue = Queue()
        for item in 1...4 { _ = queue.add(entry(item, item)) }
        let next = queue.takeNext(after: now + .seconds(3))
        #expect(next.late == [1, 2])
        #expect(next.items == [3, 4])
        #expect(queue.takeNext(after: now + .seconds(3)).items == [])
        #expect(queue.add(entry(5, 5)) == true)
        let last = queue.takeNext(after: now + .seconds(9))
        #expect(last.items == [] && last.late == [5])
        #expect(queue.ended(count: 2) == false)
        #expect(queue.isIdle)
    }

    @Test("Beyond those that may be under way calls gather until one has ended")
    func gathersBehindOthers() {
        var queue = Queue()
        for item in 0..<CallPacing.maximumCalls {
            #expect(queue.add(entry(item)) == true)
            #expect(queue.takeNext().items == [item])
            #expect(queue.takeNext().items == [])
        }
        for item in 10..<15 { #expect(queue.add(entry(item)) == false) }
        #expect(queue.ended(count: 1) == true, "somebody waits")
        #expect(queue.takeNext().items == [10, 11, 12, 13, 14])
        #expect(queue.takeNext().items == [])
        #expect(!queue.isIdle)
        #expect(queue.ended(count: 1) == false)
        #expect(queue.ended(count: 5) == false)
        #expect(queue.isIdle)
    }

    @Test("A call that is large already need not wait for one to end")
    func largeCallsGo() {
        var queue = Queue()
        for item in 0..<CallPacing.maximumCalls {
            _ = queue.add(entry(item))
            #expect(queue.takeNext().items == [item])
            #expect(queue.takeNext().items == [])
        }
        for item in 0..<(CallPacing.largeCount - 1) { #expect(queue.add(entry(item)) == false) }
        #expect(queue.add(entry(99)) == true)
        #expect(queue.takeNext().items.count == CallPacing.largeCount)
        #expect(queue.takeNext().items == [])
        // Two tasks and eight are under way; the more there are, the larger the next call has to be.
        #expect(queue.add(entry(1, count: 7)) == false)
        #expect(queue.add(entry(2)) == true)
        #expect(queue.takeNext().items == [1, 2])
        #expect(queue.takeNext().items == [])
        #expect(queue.add(entry(3, count: 8)) == false)
        #expect(queue.ended(count: 8) == true, "less is under way")
    }

    @Test("Calls of different modes never go together")
    func separatesModes() {
        var queue = Queue()
        _ = queue.add(Queue.Entry(item: 0, count: 1, bytes: 0))
        _ = queue.add(Queue.Entry(item: 1, count: 0, bytes: 0, mode: 20))
        _ = queue.add(Queue.Entry(item: 2, count: 1, bytes: 0))
        _ = queue.add(Queue.Entry(item: 3, count: 0, bytes: 0, mode: 30))
        #expect(queue.takeNext().items == [0, 1, 2])
        #expect(queue.takeNext().items == [3])
    }

    @Test("A batch has at most a hundred tasks")
    func boundsCount() {
        var queue = Queue()
        _ = queue.add(entry(0, count: 60))
        _ = queue.add(entry(1, count: 40))
        _ = queue.add(entry(2, count: 1))
        #expect(queue.takeNext().items == [0, 1])
        #expect(queue.takeNext().items == [2])
    }

    @Test("A batch has at most one mebibyte, but always one call")
    func boundsBytes() {
        var queue = Queue()
        _ = queue.add(entry(0, bytes: 5 << 20))
        _ = queue.add(entry(1, bytes: 1 << 19))
        _ = queue.add(entry(2, bytes: 1 << 19))
        _ = queue.add(entry(3, bytes: 1))
        #expect(queue.takeNext().items == [0])
        #expect(queue.takeNext().items == [1, 2])
        _ = queue.ended(count: 2)
        #expect(queue.takeNext().items == [3])
    }

    @Test("The same id never stands twice in a batch")
    func separatesIDs() {
        var queue = Queue()
        _ = queue.add(entry(0, ids: ["a"]))
        _ = queue.add(entry(1, ids: ["b", "c"]))
        _ = queue.add(entry(2, ids: ["c"]))
        _ = queue.add(entry(3))
        #expect(queue.takeNext().items == [0, 1])
        #expect(queue.takeNext().items == [2, 3])
    }
}
