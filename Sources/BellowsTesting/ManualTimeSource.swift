public import Bellows
import BellowsRuntime
#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif
import Synchronization

/// A clock that moves only when a test moves it, and calls the timers that come due on the way.
public final class ManualTimeSource: TimeSource {
    /// An instant of the monotonic clock.
    public typealias Instant = ContinuousClock.Instant

    private struct Waiter {
        let limit: Instant
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var elapsed = Duration.zero
        var timers = TimerQueue()
        var waiters: [UInt64: Waiter] = [:]
        var lastWaiter: UInt64 = 0
    }

    private let start: Instant
    private let startDate: Date
    private let state = Mutex(State())

    /// Makes a clock that stands still.
    ///
    /// - Parameters:
    ///   - start: what the monotonic clock shows at first.
    ///   - date: what the wall clock shows at first.
    public init(start: Instant = .now, date: Date = Date(timeIntervalSince1970: 1_800_000_000)) {
        self.start = start
        startDate = date
    }

    /// The monotonic clock.
    public var now: Instant { start + state.withLock(\.elapsed) }
    /// The wall clock, which moves with the monotonic one.
    public var date: Date { startDate.addingTimeInterval(state.withLock(\.elapsed).inSeconds) }

    /// Notes a timer. One whose time has come is called at once, on a thread of its own.
    public func schedule(at instant: Instant, _ action: @escaping @Sendable () -> Void) -> TimerToken {
        let (token, isDue, resumed) = state.withLock { state -> (TimerToken, Bool, [Waiter]) in
            if instant <= start + state.elapsed {
                let number = state.timers.add(at: instant) {}
                state.timers.cancel(number)
                return (TimerToken(number), true, [])
            }
            let token = TimerToken(state.timers.add(at: instant, action))
            let resumed = state.waiters.filter { $0.value.limit >= instant }
            for number in resumed.keys { state.waiters[number] = nil }
            return (token, false, Array(resumed.values))
        }
        for waiter in resumed { waiter.continuation.resume(returning: true) }
        // Never inside this call: the caller may hold a lock that the action takes.
        if isDue { _ = EventLoop.shared.schedule(at: EventLoop.shared.now, action) }
        return token
    }

    /// Forgets a timer.
    public func cancel(_ token: TimerToken) {
        state.withLock { $0.timers.cancel(token.rawValue) }
    }

    /// Moves the clock on, and calls the timers on the way on the caller's thread, each at its own time.
    ///
    /// - Parameter duration: how far.
    public func advance(by duration: Duration) {
        let target = now + duration
        while step(notAfter: target) {}
        state.withLock { $0.elapsed = max($0.elapsed, target - start) }
    }

    /// Moves the clock to the next timer, and waits for one if there is none.
    ///
    /// - Parameter limit: timers after it do not count.
    /// - Returns: false if the task was cancelled first.
    public func moveToNextTimer(notAfter limit: Instant) async -> Bool {
        guard await waitForTimer(notAfter: limit) else { return false }
        _ = step(notAfter: limit)
        return true
    }

    /// Waits until a timer is pending.
    ///
    /// - Parameter limit: timers after it do not count.
    /// - Returns: false if the task was cancelled first.
    public func waitForTimer(notAfter limit: Instant) async -> Bool {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let immediate = state.withLock { state -> Bool? in
                    if Task.isCancelled { return false }
                    if let next = state.timers.nextInstant(), next <= limit { return true }
                    state.waiters[number] = Waiter(limit: limit, continuation: continuation)
                    return nil
                }
                if let immediate { continuation.resume(returning: immediate) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume(returning: false)
        }
    }

    /// Moves to the next timer that is not after `target` and calls it.
    private func step(notAfter target: Instant) -> Bool {
        let actions = state.withLock { state -> [@Sendable () -> Void]? in
            guard let next = state.timers.nextInstant(), next <= target else { return nil }
            state.elapsed = max(state.elapsed, next - start)
            return state.timers.takeDue(at: start + state.elapsed)
        }
        for action in actions ?? [] { action() }
        return actions != nil
    }
}
