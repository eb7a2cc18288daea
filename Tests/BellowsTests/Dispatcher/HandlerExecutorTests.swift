import TestTurns
import Testing

@testable import Bellows
@testable import BellowsRuntime

/// Handlers share turns of Swift's pool, but none waits for another one while a thread is free.
@Suite(.turn) struct HandlerExecutorTests {
    @Test("Behind a job that goes on, another turn is asked for after a moment")
    func blockedTurn() {
        var turns = HandlerSlots(width: 4)
        #expect(turns.added(waiting: 1) == .lone)
        #expect(turns.added(waiting: 2) == .turns(2))
        // Both are at work; one of them ends, the other one does not.
        turns.entered()
        turns.entered()
        turns.left()
        turns.ended()
        #expect(turns.added(waiting: 1) == .watch)
        #expect(turns.added(waiting: 1) == .nothing, "one look is enough")
        #expect(turns.looked(waiting: 1) == (1, true))
        // The new turn is stuck too.
        turns.entered()
        #expect(turns.looked(waiting: 3) == (2, false), "no more than the pool has threads")
        #expect(turns.added(waiting: 4) == .nothing)
    }

    @Test("Turns that get to the next job by themselves need no others")
    func busyTurn() {
        var turns = HandlerSlots(width: 4)
        turns.hold()
        #expect(turns.added(waiting: 1) == .nothing)
        #expect(turns.added(waiting: 2) == .nothing)
        #expect(turns.release(waiting: 2) == .turns(2))
        turns.entered()
        #expect(turns.added(waiting: 2) == .watch)
        turns.left()
        turns.entered()
        #expect(turns.looked(waiting: 0) == (0, false))
        #expect(turns.release(waiting: 0) == .nothing)
    }

    @Test func runsEverything() async {
        let executor = HandlerExecutor()
        let sum = await withTaskGroup(of: Int.self) { group in
            executor.together {
                for number in 0..<1000 {
                    group.addTask(executorPreference: executor) {
                        await Task.yield()
                        return number
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(sum == 499_500)
    }
}
