/// How an attempt ended well.
@nonexhaustive
public enum TaskSuccess<Callback: Sendable>: Sendable {
    /// The task is done, with this result for a waiter. A singleton runs again one second later.
    case done(Callback)
    /// This run is done, with this result for a waiter, and the same task runs again when the availability says, with
    /// the same id and payload and a fresh count of attempts.
    case scheduleNextRun(Callback, Availability)
}
