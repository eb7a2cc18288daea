import Bellows
import BellowsRuntime
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
        var hasStarted = false

        /// Whether no process of the group lives. Until then its number is not given to anybody else.
        var isGone: Bool { id.map { kill(-$0, 0) != 0 } ?? true }
    }

    private let state = Mutex(State())
    private let onOver: @Sendable (CommandGroup) -> Void

    /// How often a group is looked at whose first process is gone.
    private static let watchInterval = Duration.seconds(1)

    /// Makes a group for a command that is about to start.
    ///
    /// - Parameter onOver: is called once nothing of the command is left for us to stop.
    init(onOver: @escaping @Sendable (CommandGroup) -> Void) {
        self.onOver = onOver
    }

    /// Whether the command was ever started.
    var hasStarted: Bool { state.withLock(\.hasStarted) }

    /// The command runs in this group.
    func started(_ id: pid_t) {
        let delay = state.withLock { state in
            state.id = id
            state.hasStarted = true
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
        let isOver = state.withLock { state in
            state.isEnded = true
            if state.killDelay == nil || state.isGone { state.id = nil }
            return state.id == nil
        }
        if isOver { onOver(self) } else { watch() }
    }

    /// Kills whatever is left of a stopped command.
    func killNow() {
        let (id, isOver) = state.withLock { state in
            let id = state.isGone ? nil : state.id
            defer { if state.isEnded { state.id = nil } }
            return (id, state.isEnded && state.id != nil)
        }
        if let id { kill(-id, SIGKILL) }
        if isOver { onOver(self) }
    }

    /// Looks whether the rest of the group is gone: from then on its number may be given to somebody else.
    private func watch() {
        _ = EventLoop.shared.schedule(at: .now + Self.watchInterval) { [self] in
            let (isOver, isNews) = state.withLock { state in
                guard state.id != nil else { return (true, false) }
                guard state.isGone else { return (false, false) }
                state.id = nil
                return (true, true)
            }
            if isNews { onOver(self) }
            if !isOver { watch() }
        }
    }

    private func signal(_ id: pid_t, _ delay: Duration) {
        kill(-id, SIGTERM)
        // A stopped process would take the TERM only when somebody continues it.
        kill(-id, SIGCONT)
        _ = EventLoop.shared.schedule(at: .now + delay) { [self] in killNow() }
    }
}
