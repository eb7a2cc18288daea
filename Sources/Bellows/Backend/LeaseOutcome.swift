/// The answer to a renewal, a finish, a failure report or a release, for one lease.
@nonexhaustive
public enum LeaseOutcome: Hashable, Sendable {
    /// It was done, by this call or, if the call was repeated after a lost reply, by its first delivery.
    case done
    /// The lease was extended, and somebody has cancelled its task for this reason: the attempt is to stop. Only renewals
    /// answer it.
    case cancellationRequested(reason: String)
    /// The lease is somebody else's, or the task is gone. Nothing was changed.
    case leaseLost
}
