/// The unsuccessful end of one attempt.
public struct FailRequest: Hashable, Sendable {
    /// What becomes of the task.
    @nonexhaustive
    public enum Disposition: Hashable, Sendable {
        /// It runs again when the availability says. Its waiters keep waiting.
        case retry(Availability)
        /// It goes to the dead letters, and its waiters get the reason.
        case dead
    }

    /// The lease under which the task ran.
    public var lease: Lease
    /// What becomes of the task. A singleton is never a dead letter; backends treat `.dead` as a retry after the
    /// longest backoff.
    public var disposition: Disposition
    /// What went wrong; backends cut it to ``TaskLimits/errorText``.
    public var error: String
    /// Whether the claim counts as an attempt; false if no worker has seen the task. Only looked at for `.dead`, where the
    /// dead letter says how many attempts there were.
    public var countsAttempt: Bool

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - lease: the lease under which the task ran.
    ///   - disposition: what becomes of the task.
    ///   - error: what went wrong.
    ///   - countsAttempt: whether the claim counts as an attempt.
    public init(lease: Lease, disposition: Disposition, error: String, countsAttempt: Bool = true) {
        self.lease = lease
        self.disposition = disposition
        self.error = error
        self.countsAttempt = countsAttempt
    }
}
