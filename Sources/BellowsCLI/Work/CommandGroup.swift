import Bellows
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The process group of one command: stopped as a whole, first politely, then for good.
final class CommandGroup: Sendable {
    private struct State {
        /// Set while the group surely is ours: its first process has started, and is not known to be gone.
        var id: pid_t?
        /// How long to wait before killing; set once a stop is wanted.
        var killDelay: Duration?
        var isEnded = false
    }

    private let state = Mutex(State())

    /// The command runs in this group.
    func started(_ id: pid_t) {
        let delay = state.withLock { state in
            state.id = id
            return state.killDelay
        }
        if let delay { signal(id, delay) }
    }

    /// Stops the command: TERM now, KILL after a time. Only the first call counts.
    func stop(killAfter delay: Duration) {
        let id = state.withLock { state -> pid_t? in
            guard state.killDelay == nil else { return nil }
            state.killDelay = delay
            return state.isEnded ? nil : state.id
        }
        if let id { signal(id, delay) }
    }

    /// The command's own process is gone. Others of its group may live on: those of a stopped command are killed when
    /// their time is up, those of one that ended by itself are left alone, as a shell would.
    func ended() {
        state.withLock { state in
            state.isEnded = true
            // A number is not given to anybody else while a process of the group lives.
            if state.killDelay == nil || state.id.map({ kill(-$0, 0) != 0 }) == true { state.id = nil }
        }
    }

    /// Whether nothing of the command is left for us to stop.
    var isOver: Bool { state.withLock { $0.isEnded && $0.id == nil } }

    /// Kills whatever is left of a stopped command.
    func killNow() {
        let id = state.withLock { state in
            defer { if state.isEnded { state.id = nil } }
            return state.id
        }
        if let id { kill(-id, SIGKILL) }
    }

    private func signal(_ id: pid_t, _ delay: Duration) {
        kill(-id, SIGTERM)
        // A stopped process would take the TERM only when somebody continues it.
        kill(-id, SIGCONT)
        _ = ControlThread.shared.schedule(at: .now + delay) { [self] in killNow() }
    }
}
