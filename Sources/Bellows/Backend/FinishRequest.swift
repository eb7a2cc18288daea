/// The successful end of one attempt.
public struct FinishRequest: Hashable, Sendable {
    /// The lease under which the task ran.
    public var lease: Lease
    /// The encoded callback.
    public var result: [UInt8]
    /// Runs the task again then, with a fresh count of attempts. Nil ends it (a singleton: runs one second later).
    public var nextRun: Availability?
    /// Keeps the result for this long even if no publisher asked for it. Nil keeps it only if one did.
    public var resultRetention: Duration?
    /// For a task with an id given by the caller: how long that id stays taken. From the record.
    public var deduplicationWindow: Duration?

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - lease: the lease under which the task ran.
    ///   - result: the encoded callback.
    ///   - nextRun: runs the task again then.
    ///   - resultRetention: keeps the result even if nobody asked.
    ///   - deduplicationWindow: how long the caller's id stays taken.
    public init(
        lease: Lease,
        result: [UInt8] = [],
        nextRun: Availability? = nil,
        resultRetention: Duration? = nil,
        deduplicationWindow: Duration? = nil
    ) {
        self.lease = lease
        self.result = result
        self.nextRun = nextRun
        self.resultRetention = resultRetention
        self.deduplicationWindow = deduplicationWindow
    }
}
