public import Bellows
import Synchronization

/// Wraps a backend and lets it fail on command: outages, lost replies, dropped signals.
public final class FlakyBackend: Backend {
    /// The calls that can be made to fail.
    @nonexhaustive
    public enum Verb: Hashable, Sendable, CaseIterable {
        /// Storing tasks.
        case publish
        /// Taking tasks.
        case claim
        /// Extending leases.
        case renew
        /// Ending attempts well.
        case finish
        /// Ending failed attempts.
        case fail
        /// Giving tasks back.
        case release
        /// Looking for results.
        case result
        /// Listening for signals.
        case subscribe
    }

    /// How a call fails.
    @nonexhaustive
    public enum Fault: Sendable {
        /// Nothing is carried out; the caller gets the error.
        case refused(BellowsError)
        /// The call is carried out; the caller gets `BellowsError.Code.outcomeUnknown`.
        case replyLost
        /// Nothing is carried out; the caller hears nothing until ``FlakyBackend/heal()``, and then gets the same
        /// error.
        case unanswered
    }

    private struct Injection {
        let fault: Fault
        var remaining: Int?
    }

    private struct State {
        var injections: [Verb: Injection] = [:]
        var unanswered: [CheckedContinuation<Void, Never>] = []
        var dropsSignals = false
        var relays: [UInt64: SignalRelay] = [:]
        var lastRelay: UInt64 = 0
    }

    /// Every call, when it arrives, failures included.
    public let calls = EventProbe<Verb>()

    let wrapped: any Backend
    private let state = Mutex(State())

    /// Wraps a backend; nothing fails yet.
    ///
    /// - Parameter wrapped: what does the work.
    public init(_ wrapped: any Backend) {
        self.wrapped = wrapped
    }

    /// The wrapped backend's limits.
    public var limits: TaskLimits { wrapped.limits }
    /// The wrapped backend's time.
    public var timeSource: any TimeSource { wrapped.timeSource }

    /// Makes calls fail from now on.
    ///
    /// - Parameters:
    ///   - fault: how they fail.
    ///   - verbs: which calls; all by default.
    ///   - count: how many calls of each verb; nil until ``heal()``.
    public func inject(_ fault: Fault, into verbs: Set<Verb> = Set(Verb.allCases), count: Int? = nil) {
        state.withLock { state in
            for verb in verbs { state.injections[verb] = Injection(fault: fault, remaining: count) }
        }
    }

    /// Lets all calls succeed again.
    public func heal() {
        let unanswered = state.withLock { state in
            state.injections = [:]
            defer { state.unanswered = [] }
            return state.unanswered
        }
        for continuation in unanswered { continuation.resume() }
    }

    /// Loses all signals from now on, as a dead signal connection does.
    public func dropSignals() {
        state.withLock { $0.dropsSignals = true }
    }

    /// Lets signals through again; as after every gap, each subscriber gets the signal to look at everything.
    public func restoreSignals() {
        let relays = state.withLock { state in
            state.dropsSignals = false
            return Array(state.relays.values)
        }
        for relay in relays { relay.send(.checkEverything) }
    }

    var dropsSignals: Bool { state.withLock(\.dropsSignals) }

    func call<Value: Sendable>(
        _ verb: Verb,
        _ body: () async throws(BellowsError) -> Value
    ) async throws(BellowsError) -> Value {
        calls.record(verb)
        let fault = state.withLock { state -> Fault? in
            guard var injection = state.injections[verb] else { return nil }
            if let remaining = injection.remaining {
                guard remaining > 0 else { return nil }
                injection.remaining = remaining - 1
                state.injections[verb] = injection
            }
            return injection.fault
        }
        switch fault {
        case nil: return try await body()
        case .refused(let error): throw error
        case .replyLost:
            _ = try await body()
            throw BellowsError(.outcomeUnknown, "the reply was lost on purpose")
        case .unanswered:
            await withCheckedContinuation { continuation in state.withLock { $0.unanswered.append(continuation) } }
            throw BellowsError(.outcomeUnknown, "there was no answer on purpose")
        }
    }

    /// The wrapped backend's capabilities. Faults concern the verbs of ``Verb`` only, so these calls never fail on
    /// command.
    public func capability<Capability>(_ type: Capability.Type) -> Capability? {
        (self as? Capability) ?? wrapped.capability(type)
    }

    /// Listens through a relay that drops signals on command.
    public func subscribe(to topics: [SignalTopic]) async throws(BellowsError) -> SignalSubscription {
        let source = try await call(.subscribe) { () async throws(BellowsError) in
            try await wrapped.subscribe(to: topics)
        }
        let number = state.withLock { state in
            state.lastRelay += 1
            return state.lastRelay
        }
        let subscription = SignalSubscription { [weak self] in
            self?.state.withLock { $0.relays.removeValue(forKey: number) }?.cancel()
        }
        let relay = SignalRelay(from: source, to: subscription) { [weak self] in self?.dropsSignals ?? false }
        state.withLock { $0.relays[number] = relay }
        relay.start()
        return subscription
    }
}
