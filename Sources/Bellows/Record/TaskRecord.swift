/// What a publisher hands over and a worker gets: headers and bytes, nothing that a backend needs to look into.
public struct TaskRecord: Hashable, Sendable {
    /// Small facts beside the payload, such as a trace context.
    public var headers: [String: String]
    /// Exactly the bytes that the codec made.
    public var payload: [UInt8]
    /// The retry policy that this task was published with; nil for the definition's.
    public var retryPolicy: RetryPolicy?
    /// For a task with an id given by the caller: how long after its end the id stays taken. Nil otherwise.
    public var deduplicationWindow: Duration?

    /// Makes a record.
    ///
    /// - Parameters:
    ///   - payload: the codec's bytes.
    ///   - headers: small facts beside the payload.
    ///   - retryPolicy: overrides the definition's policy for this task.
    ///   - deduplicationWindow: set by backends when the caller gave the id.
    public init(
        payload: [UInt8],
        headers: [String: String] = [:],
        retryPolicy: RetryPolicy? = nil,
        deduplicationWindow: Duration? = nil
    ) {
        self.headers = headers
        self.payload = payload
        self.retryPolicy = retryPolicy
        self.deduplicationWindow = deduplicationWindow
    }

    /// Refuses what no publish would take.
    ///
    /// - Parameter limits: the backend's.
    /// - Throws: ``BellowsError/Code/invalidInput`` or ``BellowsError/Code/tooLarge``.
    public func validate(_ limits: TaskLimits) throws(BellowsError) {
        try limits.check(payload: payload, headers: headers)
        try retryPolicy?.validate()
        if let deduplicationWindow { try Availability.validate(window: deduplicationWindow) }
    }

    /// Bytes of all header names and values.
    var headerSize: Int {
        headers.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    }
}
