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
        #expect(queue.takeNext() == [1, 2])
        #expect(queue.takeNext() == [], "the flush is over")
        #expect(queue.add(entry(3)) == true, "the next turn")
        #expect(queue.takeNext() == [3])
    }

    @Test("Beyond those that may be under way calls gather until one has ended")
    func gathersBehindOthers() {
        var queue = Queue()
        for item in 0..<CallPacing.maximumCalls {
            #expect(queue.add(entry(item)) == true)
            #expect(queue.takeNext() == [item])
            #expect(queue.takeNext() == [])
        }
        for item in 10..<15 { #expect(queue.add(entry(item)) == false) }
        #expect(queue.ended(count: 1) == true, "somebody waits")
        #expect(queue.takeNext() == [10, 11, 12, 13, 14])
        #expect(queue.takeNext() == [])
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
            #expect(queue.takeNext() == [item])
            #expect(queue.takeNext() == [])
        }
        for item in 0..<(CallPacing.largeCount - 1) { #expect(queue.add(entry(item)) == false) }
        #expect(queue.add(entry(99)) == true)
        #expect(queue.takeNext().count == CallPacing.largeCount)
        #expect(queue.takeNext() == [])
        // Two tasks and eight are under way; the more there are, the larger the next call has to be.
        #expect(queue.add(entry(1, count: 7)) == false)
        #expect(queue.add(entry(2)) == true)
        #expect(queue.takeNext() == [1, 2])
        #expect(queue.takeNext() == [])
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
        #expect(queue.takeNext() == [0, 1, 2])
        #expect(queue.takeNext() == [3])
    }

    @Test("A batch has at most a hundred tasks")
    func boundsCount() {
        var queue = Queue()
        _ = queue.add(entry(0, count: 60))
        _ = queue.add(entry(1, count: 40))
        _ = queue.add(entry(2, count: 1))
        #expect(queue.takeNext() == [0, 1])
        #expect(queue.takeNext() == [2])
    }

    @Test("A batch has at most one mebibyte, but always one call")
    func boundsBytes() {
        var queue = Queue()
        _ = queue.add(entry(0, bytes: 5 << 20))
        _ = queue.add(entry(1, bytes: 1 << 19))
        _ = queue.add(entry(2, bytes: 1 << 19))
        _ = queue.add(entry(3, bytes: 1))
        #expect(queue.takeNext() == [0])
        #expect(queue.takeNext() == [1, 2])
        _ = queue.ended(count: 2)
        #expect(queue.takeNext() == [3])
    }

    @Test("The same id never stands twice in a batch")
    func separatesIDs() {
        var queue = Queue()
        _ = queue.add(entry(0, ids: ["a"]))
        _ = queue.add(entry(1, ids: ["b", "c"]))
        _ = queue.add(entry(2, ids: ["c"]))
        _ = queue.add(entry(3))
        #expect(queue.takeNext() == [0, 1])
        #expect(queue.takeNext() == [2, 3])
    }
}
