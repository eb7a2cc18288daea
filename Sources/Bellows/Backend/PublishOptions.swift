/// How one task is published.
public struct PublishOptions: Hashable, Sendable {
    /// From when on the task may run; at once by default.
    public var availability: Availability
    /// An id of the caller's own, which makes repeating the publish harmless. Nil, the default, makes a new id.
    public var id: TaskID?
    /// How long after its end an id given by the caller stays taken; one hour by default. Publishing it again
    /// within that time answers that the task has already finished.
    public var deduplicationWindow: Duration
    /// Overrides the definition's retry policy for this task.
    public var retryPolicy: RetryPolicy?
    /// Small facts beside the payload, such as a trace context.
    public var headers: [String: String]
    /// Keeps the result for this long after the end of the task. Nil, the default, keeps none; an awaitable
    /// publish keeps it for one hour unless a time is given.
    public var resultRetention: Duration?
    /// Announces the result to this process as soon as it is stored. Set by awaitable publishes.
    public var announcesResult: Bool
    /// How safe the task has to be before the publish returns. Of the requests of one call the strictest counts.
    public var durability: PublishDurability

    /// One hour: the default for results and for the deduplication of ids.
    public static let defaultRetention = Duration.seconds(3600)

    /// Makes options.
    ///
    /// - Parameters:
    ///   - availability: from when on the task may run.
    ///   - id: an id of the caller's own.
    ///   - deduplicationWindow: how long the id stays taken after the end.
    ///   - retryPolicy: overrides the definition's.
    ///   - headers: small facts beside the payload.
    ///   - resultRetention: how long the result is kept.
    ///   - announcesResult: whether this process is told of the result.
    ///   - durability: how safe the task has to be before the publish returns.
    public init(
        availability: Availability = .now,
        id: TaskID? = nil,
        deduplicationWindow: Duration = PublishOptions.defaultRetention,
        retryPolicy: RetryPolicy? = nil,
        headers: [String: String] = [:],
        resultRetention: Duration? = nil,
        announcesResult: Bool = false,
        durability: PublishDurability = .acknowledged
    ) {
        self.availability = availability
        self.id = id
        self.deduplicationWindow = deduplicationWindow
        self.retryPolicy = retryPolicy
        self.headers = headers
        self.resultRetention = resultRetention
        self.announcesResult = announcesResult
        self.durability = durability
    }
}
