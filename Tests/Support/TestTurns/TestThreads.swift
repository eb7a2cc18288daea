import Foundation

/// Threads for the code of tests. Tests wait for servers and files with calls that block, and Swift's own pool has one
/// thread for each processor: a few of them would hold up everything that the library under test does there.
final class TestThreads: TaskExecutor, @unchecked Sendable {
    // Unchecked: what changes is guarded by the condition.
    static let shared = TestThreads(count: 32)

    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []

    private init(count: Int) {
        for number in 1...count {
            let thread = Thread { self.work() }
            thread.name = "test-\(number)"
            thread.start()
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.lock()
        jobs.append(job)
        condition.signal()
        condition.unlock()
    }

    private func work() -> Never {
        while true {
            condition.lock()
            while jobs.isEmpty { condition.wait() }
            let job = jobs.removeFirst()
            condition.unlock()
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
