/// The settings of a ``TaskDefinition``: everything about its tasks that is not their types.
///
/// ```swift
/// enum Thumbnail: TaskDefinition {
///     static let name = "images.thumbnail"
///     typealias Trigger = PublishTrigger<String>
///     static let options = TaskOptions(retry: RetryPolicy(maximumAttempts: 8), resultRetention: .seconds(600))
/// }
/// ```
///
/// Settings are checked before anything is sent: by each publish, and when a dispatcher starts. One that cannot work is
/// an error with the code ``BellowsError/Code/invalidInput``; none is changed silently.
public struct TaskOptions: Hashable, Sendable {
    /// What happens after a failed attempt, unless the publisher says otherwise. By default five attempts, with full
    /// jitter from one second to five minutes.
    public var retry: RetryPolicy
    /// How long results are kept although no publisher asked for them, up to ten years. Nil, the default, keeps a result
    /// only if its publisher asked for it. A singleton has no results to keep: there only nil is allowed.
    public var resultRetention: Duration?
    /// Into how many parts the definition is divided, 1 to ``TaskPartitions/maximumCount``, if it is too hot for one slot
    /// of a cluster; 1 by default. All programs have to agree on it. Order and deduplication hold within a part; see
    /// ``TaskPartitions``. A singleton has one owner: there only 1 is allowed.
    public var partitions: Int

    /// Makes settings.
    ///
    /// - Parameters:
    ///   - retry: what happens after a failed attempt.
    ///   - resultRetention: how long results are kept although no publisher asked for them; nil for not at all.
    ///   - partitions: into how many parts the definition is divided.
    public init(retry: RetryPolicy = RetryPolicy(), resultRetention: Duration? = nil, partitions: Int = 1) {
        self.retry = retry
        self.resultRetention = resultRetention
        self.partitions = partitions
    }

    /// Checks that the settings can be carried out.
    package func validate(for kind: TaskKind) throws(BellowsError) {
        try retry.validate()
        guard (1...TaskPartitions.maximumCount).contains(partitions) else { throw .partitions(partitions) }
        if let resultRetention { try Availability.validate(window: resultRetention) }
        guard kind == .singleton else { return }
        guard partitions == 1 else {
            throw BellowsError(.invalidInput, "a singleton has one owner and no partitions: leave them at 1")
        }
        guard resultRetention == nil else {
            throw BellowsError(.invalidInput, "a singleton keeps no results: leave their retention at nil")
        }
    }
}
