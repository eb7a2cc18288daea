import BellowsTesting
import TestTurns
import Testing

@testable import Bellows
@testable import BellowsRuntime

@Suite(.turn) struct EventLoopTests {
    @Test func callsTimersInTheirOrder() async throws {
        let probe = EventProbe<Int>()
        let time = EventLoop.shared
        let now = time.now
        for number in [3, 1, 2] {
            _ = time.schedule(at: now + .milliseconds(number * 5)) { probe.record(number) }
        }
        let cancelled = time.schedule(at: now + .milliseconds(12)) { probe.record(-1) }
        time.cancel(cancelled)
        #expect(try await probe.wait(forCount: 3) == [1, 2, 3])
        #expect(time.now - now >= .milliseconds(15))
    }

    @Test func runsAsynchronousCodeOnItsOwnThread() async {
        let results = await withTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask(executorPreference: EventLoop.shared) {
                    await Task.yield()
                    return number
                }
            }
            return await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(results == Set(0..<100))
    }
}
