import Bellows
import BellowsRuntime
import Logging
import Synchronization

/// The place of this process among those that wait for tasks.
extension SignalListener {
    /// Hands a wake-up on to another process. While one is on its way for a definition, that is enough.
    func forwardWakeUp(for name: TaskName) async throws(BellowsError) {
        guard state.withLock({ $0.handedOn.insert(name).inserted }) else { return }
        defer { state.withLock { _ = $0.handedOn.remove(name) } }
        try await operations.forwardWakeUp(for: name, isLeaving: false)
    }

    /// How long after a request a second look comes: later than the request stands in lua/wake.lua.
    private static let secondLook = Duration.milliseconds(600)

    /// Another process was woken, and may have died before it could claim.
    func lookLater(at name: TaskName) {
        _ = timeSource.schedule(at: timeSource.now + Self.secondLook) { [weak self] in self?.send(.availableHere(name))
        }
    }

    /// Somebody else has to serve a definition that nobody here listens to any more.
    func forwardUnheard(_ name: TaskName) {
        attempt("a wake-up could not be passed on") { listener async throws(BellowsError) in
            try await listener.forwardWakeUp(for: name)
        }
    }

    /// This process does not wait for tasks of the definitions any more.
    func leave(_ names: [TaskName]) {
        for name in names {
            attempt("could not leave the waiting processes") { listener async throws(BellowsError) in
                try await listener.operations.forwardWakeUp(for: name, isLeaving: true)
            }
        }
    }

    private func attempt(
        _ failure: Logger.Message,
        _ call: @escaping @Sendable (SignalListener) async throws(BellowsError) -> Void
    ) {
        Task(executorPreference: EventLoop.shared) { [weak self] in
            guard let self else { return }
            do throws(BellowsError) {
                try await call(self)
            } catch {
                // The next process that looks through its definitions finds what was left.
                logger.debug(failure, metadata: [LogKeys.error: "\(error)"])
            }
        }
    }
}
