import Bellows
import DequeModule
import Synchronization

/// Numbers the calls of each definition, and keeps a call back while an older one is in its way.
final class CallNumbers: Sendable {
    /// Takes the number of a call.
    typealias Start = @Sendable (CallNumber) -> Void

    private struct Entry {
        var window = CallWindow()
        var waiting: Deque<Start> = []
    }

    /// Kept for as long as the process runs: a number that is used twice would get the answer of another call.
    private let entries = Mutex<[TaskName: Entry]>([:])
    private let timeSource: any TimeSource

    init(timeSource: any TimeSource) {
        self.timeSource = timeSource
    }

    /// Begins a call, which has to be ended: at once, or when an older call that is in the way has ended.
    func begin(_ name: TaskName, _ start: @escaping Start) {
        let number = entries.withLock { entries -> CallNumber? in
            // Nobody overtakes those who wait.
            let mustWait = entries[name]?.waiting.isEmpty == false
            let number = mustWait ? nil : entries[name, default: Entry()].window.begin(at: timeSource.now)
            if number == nil { entries[name]?.waiting.append(start) }
            return number
        }
        if let number { start(number) }
    }

    /// Ends a call: it will not be repeated.
    func end(_ number: CallNumber, _ name: TaskName) {
        let next = entries.withLock { entries -> [(CallNumber, Start)] in
            var next: [(CallNumber, Start)] = []
            guard var entry = entries.removeValue(forKey: name) else { return next }
            defer { entries[name] = entry }
            entry.window.end(number)
            while let start = entry.waiting.first, let number = entry.window.begin(at: timeSource.now) {
                entry.waiting.removeFirst()
                next.append((number, start))
            }
            return next
        }
        for (number, start) in next { start(number) }
    }
}
