import HeapModule

/// Pending timers as a plain value: what is due, and when to look again. Knows no clock and no thread.
package struct TimerQueue: Sendable {
    private struct Entry: Comparable, Sendable {
        let instant: ContinuousClock.Instant
        let number: UInt64

        static func < (left: Entry, right: Entry) -> Bool {
            (left.instant, left.number) < (right.instant, right.number)
        }
    }

    private var heap = Heap<Entry>()
    private var actions: [UInt64: @Sendable () -> Void] = [:]
    private var lastNumber: UInt64 = 0

    package init() {}

    /// The earliest instant at which something is due; nil if nothing is pending.
    package mutating func nextInstant() -> ContinuousClock.Instant? {
        dropCancelled()
        return heap.min?.instant
    }

    /// Adds a timer.
    ///
    /// - Returns: its number, which ``cancel(_:)`` takes.
    package mutating func add(at instant: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) -> UInt64 {
        lastNumber += 1
        heap.insert(Entry(instant: instant, number: lastNumber))
        actions[lastNumber] = action
        return lastNumber
    }

    /// Forgets a timer; unknown numbers are ignored, because a timer may have fired in the meantime.
    package mutating func cancel(_ number: UInt64) {
        guard actions.removeValue(forKey: number) != nil else { return }
        // Entries of cancelled timers stay in the heap until they come up; rebuild before they outnumber the rest.
        if heap.count > 64, heap.count > actions.count * 2 {
            heap = Heap(heap.unordered.filter { actions[$0.number] != nil })
        }
    }

    /// Takes out the actions that are due, in order.
    package mutating func takeDue(at now: ContinuousClock.Instant) -> [@Sendable () -> Void] {
        var due: [@Sendable () -> Void] = []
        while let entry = heap.min, entry.instant <= now {
            heap.removeMin()
            if let action = actions.removeValue(forKey: entry.number) { due.append(action) }
        }
        return due
    }

    private mutating func dropCancelled() {
        while let entry = heap.min, actions[entry.number] == nil { heap.removeMin() }
    }
}
