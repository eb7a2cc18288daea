/// How often a task is tried, and how long to wait in between.
///
/// Attempts are counted when a task is claimed, so a task that kills its process reaches its limit too.
public struct RetryPolicy: Hashable, Sendable {
    /// The most attempts, the first included; 5 by default, 1 to 1,000,000.
    ///
    /// After the last one the task becomes a dead letter. With 1 a task is never tried again, also not after its worker
    /// has crashed. Singletons have no maximum.
    public var maximumAttempts: Int
    /// The wait after a failed attempt: by default a random time of up to one second, then two, four, … five minutes.
    ///
    /// It counts for errors that a handler throws. A ``TaskFailure`` names a time of its own, and a task whose worker
    /// has died is tried again as soon as its lease ends.
    public var backoff: Backoff

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - maximumAttempts: the most attempts, the first included; 1 to 1,000,000, which publishing and running check.
    ///   - backoff: the wait after a failed attempt.
    public init(maximumAttempts: Int = 5, backoff: Backoff = Backoff()) {
        self.maximumAttempts = maximumAttempts
        self.backoff = backoff
    }

    /// Checks that the policy can be carried out.
    package func validate() throws(BellowsError) {
        guard (1...1_000_000).contains(maximumAttempts) else { throw .maximumAttempts(maximumAttempts) }
        try backoff.validate()
    }
}
