import BellowsRuntime
import Synchronization

/// The receiving end of a subscription: signals in order, coalesced while nobody reads.
///
/// One task reads at a time. Releasing the value, or cancelling it, ends the subscription.
public final class SignalSubscription: Sendable {
    /// What a wait for the next signal ended with.
    @nonexhaustive
    public enum Next: Hashable, Sendable {
        /// A signal.
        case signal(BackendSignal)
        /// The deadline came first.
        case deadline
        /// The subscription, or the reading task, was cancelled, or the backend was closed.
        case ended
    }

    private struct State {
        var buffer = SignalBuffer()
        var isEnded = false
        var waiter: (number: UInt64, continuation: CheckedContinuation<Next, Never>)?
        /// Told when signals begin to wait, and when the subscription ends.
        var observer: (@Sendable () -> Void)?
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())
    private let onEnd: @Sendable () -> Void

    /// Makes a subscription; for backends.
    ///
    /// - Parameter onEnd: called once, when the reader has cancelled or released the subscription.
    public init(onEnd: @escaping @Sendable () -> Void = {}) {
        self.onEnd = onEnd
    }

    deinit {
        cancel()
    }

    /// Delivers a signal; for backends. It never blocks and never grows beyond one of each kind.
    ///
    /// - Parameter signal: the hint.
    public func send(_ signal: BackendSignal) {
        var resumption: (CheckedContinuation<Next, Never>, Next)?
        let observer = state.withLock { state -> (@Sendable () -> Void)? in
            guard !state.isEnded else { return nil }
            let wasEmpty = state.buffer.isEmpty
            state.buffer.add(signal)
            guard let waiter = state.waiter, let first = state.buffer.take() else {
                return wasEmpty ? state.observer : nil
            }
            state.waiter = nil
            resumption = (waiter.continuation, .signal(first))
            return nil
        }
        observer?()
        if let (continuation, next) = resumption { continuation.resume(returning: next) }
    }

    /// Has signals announced to an observer instead of waiting for them; ``takePending()`` hands them out.
    ///
    /// - Parameter observer: short and non-blocking; called when signals begin to wait, and when the subscription ends.
    package func observe(_ observer: @escaping @Sendable () -> Void) {
        let mustTell = state.withLock { state in
            state.observer = observer
            return !state.buffer.isEmpty || state.isEnded
        }
        if mustTell { observer() }
    }

    /// Takes all signals that wait; nil if the subscription has ended.
    package func takePending() -> [BackendSignal]? {
        state.withLock { state in
            guard !state.isEnded else { return nil }
            var signals: [BackendSignal] = []
            while let signal = state.buffer.take() { signals.append(signal) }
            return signals
        }
    }

    /// Forgets the signals that nobody has read yet.
    package func discardPending() {
        state.withLock { $0.buffer = SignalBuffer() }
    }

    /// Ends the subscription. A waiting reader gets ``Next/ended``.
    public func cancel() {
        let (wasEnded, continuation, observer) = state.withLock { state in
            defer {
                state.isEnded = true
                state.waiter = nil
                state.observer = nil
            }
            return (state.isEnded, state.waiter?.continuation, state.observer)
        }
        continuation?.resume(returning: .ended)
        observer?()
        if !wasEnded { onEnd() }
    }

    /// Waits for the next signal.
    ///
    /// - Parameters:
    ///   - deadline: when to give up; nil waits for ever.
    ///   - timeSource: whose clock the deadline is of; nil, the default, means the real one.
    /// - Returns: the signal, or why there is none.
    public func next(
        until deadline: ContinuousClock.Instant? = nil,
        on timeSource: (any TimeSource)? = nil
    ) async -> Next {
        let timeSource = timeSource ?? EventLoop.shared
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        let timer = deadline.map { deadline in
            timeSource.schedule(at: deadline) { [weak self] in self?.interrupt(number, with: .deadline) }
        }
        defer { if let timer { timeSource.cancel(timer) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (immediate, replaced) = state.withLock { state -> (Next?, CheckedContinuation<Next, Never>?) in
                    if let signal = state.buffer.take() { return (.signal(signal), nil) }
                    if state.isEnded || Task.isCancelled { return (.ended, nil) }
                    // A deadline in the past has already fired, or is about to.
                    if let deadline, deadline <= timeSource.now { return (.deadline, nil) }
                    defer { state.waiter = (number, continuation) }
                    return (nil, state.waiter?.continuation)
                }
                if let immediate { continuation.resume(returning: immediate) }
                // Only one may wait at a time, but who breaks that rule must not hang for ever.
                replaced?.resume(returning: .ended)
            }
        } onCancel: {
            interrupt(number, with: .ended)
        }
    }

    private func interrupt(_ number: UInt64, with next: Next) {
        let continuation = state.withLock { state -> CheckedContinuation<Next, Never>? in
            guard let waiter = state.waiter, waiter.number == number else { return nil }
            state.waiter = nil
            return waiter.continuation
        }
        continuation?.resume(returning: next)
    }
}
