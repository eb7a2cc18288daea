import Dispatch
import Foundation
import Testing

@testable import Bellows

/// Handlers share turns of Swift's pool, but none waits for another one while a thread is free.
@Suite(.timeLimit(.minutes(1))) struct HandlerExecutorTests {
    /// Swift's pool has one thread for each core; with a single one nothing can go on beside a blocked thread.
    private static let hasFreeThread = ProcessInfo.processInfo.activeProcessorCount > 1

    @Test("A job that blocks its thread does not hold up those that come later", .enabled(if: hasFreeThread))
    func blockedTurn() async {
        let executor = HandlerExecutor()
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let gate = DispatchSemaphore(value: 0)
        var blocked: Task<DispatchTimeoutResult, Never>?
        var short: Task<Void, Never>?
        executor.together {
            blocked = Task(executorPreference: executor) {
                begin.yield()
                return gate.wait(timeout: .now() + 30)
            }
            short = Task(executorPreference: executor) {}
        }
        for await _ in begun { break }
        await short?.value
        // One at a time, as claims that bring one task each.
        for _ in 0..<100 { await Task(executorPreference: executor) {}.value }
        gate.signal()
        #expect(await blocked?.value == .success)
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
