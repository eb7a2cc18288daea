/// A backend that wakes one process for a task, not all of them; optional.
public protocol WakeUpForwarding: Backend {
    /// Hands a ``BackendSignal/availableHere(_:)`` on, because this process cannot serve the definition now.
    ///
    /// An implementer owes: wake another process that waits for tasks of the definition, if there is one.
    ///
    /// - Parameter name: the definition.
    /// - Throws: ``BellowsError``.
    func forwardWakeUp(for name: TaskName) async throws(BellowsError)
}
