import Bellows

/// One lease on its way to a script that ends attempts.
struct LeaseItem: Sendable {
    let lease: Lease
    /// What stands behind the id and the token: text first, then bytes; neither for a release.
    private let details: (text: String, bytes: [UInt8])?
    /// How many milliseconds a release lasts; all items of one call have the same. Nil for what is no release.
    let releaseDelay: Int64?

    /// Bytes of the arguments.
    var byteCount: Int {
        lease.id.rawValue.utf8.count + lease.token.rawValue.utf8.count + (details?.bytes.count ?? 0)
    }

    /// A lease that is given back.
    ///
    /// - Parameters:
    ///   - lease: the lease.
    ///   - delay: milliseconds until the task is handed out again; those that go together have the same.
    init(releasing lease: Lease, after delay: Int64) {
        self.lease = lease
        details = nil
        releaseDelay = delay
    }

    /// A success.
    ///
    /// - Parameters:
    ///   - request: the success.
    ///   - nextRun: milliseconds until the next run; nil for none.
    init(_ request: FinishRequest, nextRun: Int64?) {
        lease = request.lease
        releaseDelay = nil
        let retention = Self.milliseconds(request.resultRetention)
        let window = Self.milliseconds(request.deduplicationWindow)
        let isPlain = retention == 0 && window == 0 && nextRun == nil
        details = (isPlain ? "" : "\(retention),\(window),\(nextRun ?? -1)", request.result)
    }

    /// A failure.
    ///
    /// - Parameters:
    ///   - request: the failure.
    ///   - retry: milliseconds until the next try; nil for a dead letter.
    ///   - error: the text, cut to its limit.
    init(_ request: FailRequest, retry: Int64?, error: String) {
        lease = request.lease
        releaseDelay = nil
        details = (String(retry ?? (request.countsAttempt ? -1 : -3)), Array(error.utf8))
    }

    /// Appends the arguments.
    func append(to command: inout RedisCommand) {
        command.append(lease.id.rawValue)
        command.append(lease.token.rawValue)
        guard let details else { return }
        command.append(details.text)
        command.append(details.bytes)
    }

    private static func milliseconds(_ duration: Duration?) -> Int64 {
        min(max(.zero, duration ?? .zero), Availability.maximumDelay).millisecondsRoundedUp
    }
}
