/// A hint from the backend. It may come twice, late or for nothing; the registry holds the truth.
@nonexhaustive
public enum BackendSignal: Hashable, Sendable {
    /// A task of this definition may be due.
    case available(TaskName)
    /// The same, and only this process was told: if it cannot serve the definition now, it hands the signal on with
    /// ``WakeUpForwarding/forwardWakeUp(for:)``, and serves the definition as soon as it can.
    case availableHere(TaskName)
    /// A task of this definition becomes due after this time.
    case due(TaskName, in: Duration)
    /// The result of a task is stored, and perhaps comes along.
    case resultReady(ResultAnnouncement)
    /// Somebody has cancelled a task which may run here; it concerns those who listen for the tasks of its definition.
    case cancellation(CancellationNotice)
    /// Signals may have been missed, or the subscription has just come into force: look at everything.
    case checkEverything

    /// The result of this task is stored; the signal does not bring it.
    public static func resultReady(_ id: TaskID, of name: TaskName) -> BackendSignal {
        .resultReady(ResultAnnouncement(id: id, of: name))
    }
}
