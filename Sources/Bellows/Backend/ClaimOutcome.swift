/// The answer to a claim. Not getting a task is an outcome, not an error.
@nonexhaustive
public enum ClaimOutcome: Sendable {
    /// At least one task is ours now; `next` says when asking again makes sense.
    case claimed([ClaimedTask], next: NextClaim)
    /// Somebody else has the task (asked for by id, or the singleton), for at most this long.
    case leased(for: Duration)
    /// Nothing is due now.
    case unavailable(NextClaim)
    /// No task with that id waits or runs.
    case notFound

    /// When it makes sense to claim again, as seen by the store.
    @nonexhaustive
    public enum NextClaim: Hashable, Sendable {
        /// At once: more may be waiting.
        case now
        /// After this time something becomes due: a delayed task, or a lease that ends.
        case after(Duration)
        /// Nothing is ready, delayed or leased, or other processes look at the time. A signal will tell.
        case onSignal
    }
}
