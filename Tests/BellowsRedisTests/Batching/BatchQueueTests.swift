import Testing

@testable import BellowsRedis

@Suite struct BatchQueueTests {
    private typealias Queue = BatchQueue<Int>

    private func entry(_ item: Int, count: Int = 1, bytes: Int = 0, ids: [String] = []) -> Queue.Entry {
        Queue.Entry(item: item, count: count, bytes: bytes, exclusiveIDs: ids)
    }

    @Test("While few are under way each goes out at once and alone")
    func goesAtOnce() {
        var queue = Queue()
        #expect(queue.add(entry(1)) == true)
        #expect(queue.takeNext() == [1])
        #expect(queue.add(entry(2)) == true)
        #expect(queue.takeNext() == [2])
    }

    @Test("Others gather and go out together")
    func gathers() {
        var queue = Queue()
        for item in 0..<Queue.maximumUnderWay {
            #expect(queue.add(entry(item)) == true)
            #expect(queue.takeNext() == [item])
        }
        for item in 10..<15 { #expect(queue.add(entry(item)) == false) }
        #expect(queue.takeNext() == [10, 11, 12, 13, 14])
        // The run that took them ends, and so do the others.
        for _ in 0..<Queue.maximumUnderWay { #expect(queue.takeNext().isEmpty) }
        #expect(queue.isIdle)
        #expect(queue.add(entry(20)) == true)
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
