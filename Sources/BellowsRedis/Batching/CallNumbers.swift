import Bellows
import DequeModule
import Synchronization

/// The shell around the windows of all definitions.
final class CallNumbers: Sendable {
    private struct Entry {
        var window = CallWindow()
        var waiting: Deque<CheckedContinuation<Void, Never>> = []
    }

    /// Kept for as long as the process runs: a number that is used twice would get the answer of another call.
    private let entries = Mutex<[TaskName: Entry]>([:])
    private let timeSource: any TimeSource

    init(timeSource: any TimeSource) {
        self.timeSource = timeSource
    }

    /// Runs a call under a number of its own.
    func withNumber<Answer: Sendable>(
        _ name: TaskName,
        _ body: (CallNumber) async throws(BackendError) -> Answer
    ) async throws(BackendError) -> Answer {
        let number = await begin(name)
        defer { end(number, name) }
        return try await body(number)
    }

    private func begin(_ name: TaskName) async -> CallNumber {
        while true {
            if let number = entries.withLock({ $0[name, default: Entry()].window.begin(at: timeSource.now) }) {
                return number
            }
            await withCheckedContinuation { continuation in
                let isIdle = entries.withLock { entries in
                    // The call that was in the way may have ended in the meantime.
                    guard entries[name]?.window.isIdle == false else { return true }
                    entries[name]?.waiting.append(continuation)
                    return false
                }
                if isIdle { continuation.resume() }
            }
        }
    }

    private func end(_ number: CallNumber, _ name: TaskName) {
        let waiting = entries.withLock { entries in
            entries[name]?.window.end(number)
            return entries[name]?.waiting.popFirst()
        }
        waiting?.resume()
    }
}
