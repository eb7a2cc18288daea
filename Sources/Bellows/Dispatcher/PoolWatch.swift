import BellowsRuntime
import Synchronization

/// Looks after Swift's pool of threads for as long as leases are held, by one job of no work in a quarter of a lease.
/// ``PoolPulse`` has the rule.
final class PoolWatch: Sendable {
    private struct State {
        var pulse: PoolPulse
        /// Whether leases are held.
        var isNeeded = false
        var timer: TimerToken?
        /// Whether a probe has been given to the pool and not been run.
        var isProbeOut = false
    }

    private let state: Mutex<State>
    private let time: any TimeSource
    private let isHeldByHandlers: @Sendable () -> Bool
    private let probe: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let onChange: @Sendable (PoolPulse.Change) -> Void

    /// Makes a watch that sleeps until it is needed.
    ///
    /// - Parameters:
    ///   - lease: for how long the pool may be silent.
    ///   - time: whose timers to use. The pool lives by the real clock, whatever a backend's clock says.
    ///   - isHeldByHandlers: whether handlers are inside jobs on all threads of the pool.
    ///   - probe: gives the pool a job.
    ///   - onChange: is told when the pool falls silent, and when it comes back.
    init(
        lease: Duration,
        time: any TimeSource = EventLoop.shared,
        isHeldByHandlers: @escaping @Sendable () -> Bool = { HandlerExecutor.shared.holdsAllThreads },
        probe: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void = { job in Task.detached { job() } },
        onChange: @escaping @Sendable (PoolPulse.Change) -> Void
    ) {
        state = Mutex(State(pulse: PoolPulse(lease: lease)))
        self.time = time
        self.isHeldByHandlers = isHeldByHandlers
        self.probe = probe
        self.onChange = onChange
    }

    /// Leases are held from now on, or none is.
    func setNeeded(_ isNeeded: Bool) {
        state.withLock { state in
            state.isNeeded = isNeeded
            // A timer that is set goes on: it finds out by itself that nobody needs it.
            if isNeeded, state.timer == nil { setTimer(&state) }
        }
    }

    /// Ends it.
    func end() {
        let timer = state.withLock { state in
            state.isNeeded = false
            defer { state.timer = nil }
            return state.timer
        }
        if let timer { time.cancel(timer) }
    }

    private func setTimer(_ state: inout State) {
        state.timer = time.schedule(at: time.now + state.pulse.interval) { [weak self] in self?.look() }
    }

    private func look() {
        let isHeld = isHeldByHandlers()
        let (change, mustProbe) = state.withLock { state -> (PoolPulse.Change?, Bool) in
            // Ended while this look was on its way.
            guard state.timer != nil else { return (nil, false) }
            state.timer = nil
            let change = state.pulse.looked(hasSign: isHeld || !state.isProbeOut)
            guard state.isNeeded || state.pulse.isSilent else { return (change, false) }
            setTimer(&state)
            defer { state.isProbeOut = true }
            return (change, !state.isProbeOut)
        }
        if mustProbe { probe { [weak self] in self?.probeRan() } }
        if let change { onChange(change) }
    }

    private func probeRan() {
        state.withLock { $0.isProbeOut = false }
    }
}
