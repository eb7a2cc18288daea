import BellowsRuntime
import Synchronization

/// A call that its caller may give up: then it runs to its end, and its result is dropped.
package final class BoundedCall<Value: Sendable>: Sendable {
    /// What the caller gets.
    package enum Outcome: Sendable {
        case value(Value)
        /// The deadline came first.
        case deadline
        /// The caller was cancelled.
        case cancelled
    }

    private enum State {
        case open
        case waiting(CheckedContinuation<Outcome, Never>)
        case settled(Outcome)
        case over
    }

    private let state = Mutex(State.open)

    private init() {}

    /// Makes a call and waits for it, but not beyond a deadline or its own cancellation.
    ///
    /// - Parameters:
    ///   - deadline: when to give up; nil waits for as long as it takes.
    ///   - timeSource: whose clock the deadline is of.
    ///   - call: is cancelled when it is given up, and may take any time to notice.
    package static func run(
        until deadline: ContinuousClock.Instant?,
        on timeSource: any TimeSource,
        _ call: @escaping @Sendable () async -> Value
    ) async -> Outcome {
        let this = BoundedCall()
        // Not on the pool, whose threads handlers may block.
        let task = Task(executorPreference: EventLoop.shared) { this.settle(.value(await call())) }
        let timer = deadline.map { timeSource.schedule(at: $0) { this.settle(.deadline) } }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { this.wait($0) }
        } onCancel: {
            this.settle(.cancelled)
        }
        if let timer { timeSource.cancel(timer) }
        if case .value = outcome { return outcome }
        task.cancel()
        return outcome
    }

    private func wait(_ continuation: CheckedContinuation<Outcome, Never>) {
        let outcome = state.withLock { state -> Outcome? in
            guard case .settled(let outcome) = state else {
                state = .waiting(continuation)
                return nil
            }
            state = .over
            return outcome
        }
        if let outcome { continuation.resume(returning: outcome) }
    }

    /// The first one counts.
    private func settle(_ outcome: Outcome) {
        let continuation = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
            switch state {
            case .open: state = .settled(outcome)
            case .waiting(let continuation):
                state = .over
                return continuation
            case .settled, .over: break
            }
            return nil
        }
        continuation?.resume(returning: outcome)
    }
}
