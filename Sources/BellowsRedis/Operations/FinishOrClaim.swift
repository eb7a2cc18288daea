import Bellows

/// What one script call can do at once for the workers of a definition: end attempts well, and hand out tasks.
enum FinishOrClaim: Sendable {
    /// An attempt that ended well.
    case finish(LeaseItem)
    /// A wish for up to so many tasks, and whether the process waits for what it does not get. Wishes that go together
    /// have the same length of lease.
    case claim(count: Int, lease: Duration, waits: Bool)
}

/// The answer to an ``FinishOrClaim``.
enum ExecutionAnswer: Sendable {
    case finish(LeaseOutcome)
    case claim(Result<ClaimOutcome, BellowsError>)
}
