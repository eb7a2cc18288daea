/// How an attempt ended well.
@nonexhaustive
public enum TaskSuccess<Callback: Sendable>: Sendable {
    /// The task is done. A singleton runs again one second later.
    case done(Callback)
    /// The callback is delivered, and the same task runs again when the availability says, with a fresh count of
    /// attempts.
    case scheduleNextRun(Callback, Availability)
}
