import Bellows
import BellowsRuntime
import Synchronization

/// Records events and lets a test wait for them, without sleeping and never for ever.
public final class EventProbe<Event: Sendable>: Sendable {
    private struct Waiter {
        let condition: @Sendable ([Event]) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var events: [Event] = []
        var waiters: [UInt64: Waiter] = [:]
        var lastWaiter: UInt64 = 0
    }

    private let state = Mutex(State())

    /// How long a wait lasts at most, unless it says otherwise: 30 seconds, and more on a busy machine. Only a failing test
    /// waits that long.
    public static var timeout: Duration { MachineLoad.stretched(.seconds(30)) }

    /// Makes a probe without events.
    public init() {}

    /// The events so far, in their order.
    public var events: [Event] { state.withLock(\.events) }

    /// Adds an event and wakes those who waited for it.
    ///
    /// - Parameter event: what happened.
    public func record(_ event: Event) {
        let satisfied = state.withLock { state in
            state.events.append(event)
            let satisfied = state.waiters.filter { $0.value.condition(state.events) }
            for number in satisfied.keys { state.waiters[number] = nil }
            return satisfied.values.map(\.continuation)
        }
        for continuation in satisfied { continuation.resume() }
    }

    /// Waits for a number of events.
    ///
    /// - Parameters:
    ///   - count: how many, those so far included.
    ///   - what: what is waited for, for the failure's message.
    ///   - timeout: how long to wait, on real time.
    /// - Returns: the events so far, at least `count`.
    /// - Throws: ``EventProbeTimeout`` if they do not come.
    @discardableResult
    public func wait(forCount count: Int, of what: String = "events", timeout: Duration = timeout) async throws
        -> [Event]
    {
        try await wait(for: "\(count) \(what)", timeout: timeout) { $0.count >= count }
    }

    /// Waits until the events satisfy a condition.
    ///
    /// - Parameters:
    ///   - what: what is waited for, for the failure's message.
    ///   - timeout: how long to wait, on real time.
    ///   - condition: whether the events so far are enough.
    /// - Returns: the events so far.
    /// - Throws: ``EventProbeTimeout`` if they do not come.
    @discardableResult
    public func wait(
        for what: String,
        timeout: Duration = timeout,
        until condition: @escaping @Sendable ([Event]) -> Bool
    ) async throws -> [Event] {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        let deadline = EventLoop.shared.now + timeout
        let timer = EventLoop.shared.schedule(at: deadline) { [weak self] in
            self?.interrupt(number)
        }
        defer { EventLoop.shared.cancel(timer) }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isSatisfied = state.withLock { state in
                    // A deadline in the past may have fired already, before there was a waiter.
                    if Task.isCancelled || condition(state.events) || EventLoop.shared.now >= deadline {
                        return true
                    }
                    state.waiters[number] = Waiter(condition: condition, continuation: continuation)
                    return false
                }
                if isSatisfied { continuation.resume() }
            }
        } onCancel: {
            interrupt(number)
        }
        let events = events
        guard condition(events) else {
            throw EventProbeTimeout(expectation: what, events: "\(events)")
        }
        return events
    }

    private func interrupt(_ number: UInt64) {
        state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume()
    }
}
