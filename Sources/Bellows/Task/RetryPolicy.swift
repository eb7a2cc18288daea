/// How often a task is tried, and how long to wait in between.
///
/// Attempts are counted when a task is claimed, so a task that kills its process reaches its limit too.
public struct RetryPolicy: Hashable, Sendable {
    /// The most attempts, the first included; 5 by default.
    public var maximumAttempts: Int
    /// The wait after a failed attempt.
    public var backoff: Backoff

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - maximumAttempts: the most attempts, the first included.
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
