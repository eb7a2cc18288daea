/// How one task is published: when it runs, under which id, and what is kept of it.
public struct PublishOptions: Hashable, Sendable {
    /// From when on the task may run; at once by default. A delay is at most ten years.
    public var availability: Availability
    /// An id of the caller's own. Nil, the default, makes a new id for each publish.
    ///
    /// With an id a publish may be repeated, such as after ``BellowsError/Code/outcomeUnknown``: the task is stored
    /// once, and ``PublishedTask/disposition-swift.property`` says what became of the repetition. An id of a dead
    /// letter is taken too: nothing runs until somebody retries or deletes the dead letter.
    public var id: TaskID?
    /// How long after its end an id given by the caller stays taken; one hour by default. Publishing it again
    /// within that time answers that the task has already finished; afterwards it is a new task. Zero frees it at once.
    public var deduplicationWindow: Duration
    /// The retry policy of this task. Nil, the default, is the one that the worker's definition has at that time.
    public var retryPolicy: RetryPolicy?
    /// Small facts beside the payload, such as a trace context, which the handler finds in ``TaskContext/headers``. At
    /// most ``TaskLimits/headers`` bytes in all.
    public var headers: [String: String]
    /// How long the result is kept after the end of the task. Nil, the default, keeps it for as long as the
    /// definition's ``TaskOptions/resultRetention`` says; an awaitable publish keeps it for one hour.
    public var resultRetention: Duration?
    /// Announces the result to this process as soon as it is stored. Set by awaitable publishes.
    package var announcesResult = false
    /// How safe the task has to be before the publish returns; ``PublishDurability/acknowledged`` by default. Of the
    /// requests of one call the strictest counts.
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
    ///   - durability: how safe the task has to be before the publish returns.
    public init(
        availability: Availability = .now,
        id: TaskID? = nil,
        deduplicationWindow: Duration = PublishOptions.defaultRetention,
        retryPolicy: RetryPolicy? = nil,
        headers: [String: String] = [:],
        resultRetention: Duration? = nil,
        durability: PublishDurability = .acknowledged
    ) {
        self.availability = availability
        self.id = id
        self.deduplicationWindow = deduplicationWindow
        self.retryPolicy = retryPolicy
        self.headers = headers
        self.resultRetention = resultRetention
        self.durability = durability
    }

    /// Options of a task whose result is announced to this process.
    package init(
        availability: Availability = .now,
        id: TaskID? = nil,
        deduplicationWindow: Duration = PublishOptions.defaultRetention,
        retryPolicy: RetryPolicy? = nil,
        headers: [String: String] = [:],
        resultRetention: Duration? = nil,
        announcesResult: Bool,
        durability: PublishDurability = .acknowledged
    ) {
        self.init(
            availability: availability,
            id: id,
            deduplicationWindow: deduplicationWindow,
            retryPolicy: retryPolicy,
            headers: headers,
            resultRetention: resultRetention,
            durability: durability
        )
        self.announcesResult = announcesResult
    }
}
