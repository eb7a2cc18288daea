import Testing

@testable import Bellows

@Suite struct KeyedQueueTests {
    @Test func ordersByKeyThenByID() throws {
        var queue = KeyedQueue<Int>()
        for (id, key) in [("b", 2), ("c", 1), ("a", 2)] { queue.set(try TaskID(id), to: key) }
        var order: [String] = []
        while let (id, _) = queue.first() {
            order.append(id.rawValue)
            queue.remove(id)
        }
        #expect(order == ["c", "a", "b"])
        #expect(queue.count == 0)
    }

    @Test func aMovedIDCountsOnceAtItsNewPlace() throws {
        var queue = KeyedQueue<Int>()
        let id = try TaskID("a")
        queue.set(id, to: 5)
        queue.set(try TaskID("b"), to: 3)
        queue.set(id, to: 1)
        #expect(queue.count == 2)
        #expect(queue[id] == 1)
        #expect(queue.first()?.id == id)
        queue.set(id, to: 9)
        #expect(queue.first()?.id.rawValue == "b")
        #expect(queue.ascending().map(\.id.rawValue) == ["b", "a"])
        #expect(queue.remove(id) == 9)
        #expect(queue.remove(id) == nil)
    }

    @Test func survivesManyMovesOfFewIDs() throws {
        var queue = KeyedQueue<Int>()
        let ids = try (0..<5).map { try TaskID("id\($0)") }
        for round in 0..<2000 { queue.set(ids[round % 5], to: 10_000 - round) }
        #expect(queue.count == 5)
        #expect(queue.first()?.key == 8001)
        #expect(queue.ascending().count == 5)
    }
}
