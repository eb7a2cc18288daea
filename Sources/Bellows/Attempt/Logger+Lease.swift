import Logging

extension Logger {
    /// Warns of what has become of an attempt and its lease.
    func warn(_ message: Logger.Message, about lease: Lease, attempt: Int?, error: String? = nil) {
        var metadata: Logger.Metadata = [
            LogKeys.task: "\(lease.name)", LogKeys.id: "\(lease.id)",
            LogKeys.attempt: "\(attempt.map(String.init) ?? "none")",
        ]
        if let error { metadata[LogKeys.error] = "\(error)" }
        warning(message, metadata: metadata)
    }

    /// Warns of a task that was given back, because a newer version knows what to do with it.
    ///
    /// - Parameters:
    ///   - lease: its lease.
    ///   - reason: what this version does not know.
    ///   - count: how often a task was given back since the last warning.
    func warnOfNewerTask(_ lease: Lease, reason: String, count: Int) {
        warning(
            "a task of a newer version of Bellows was given back; it waits for a worker of that version",
            metadata: [
                LogKeys.task: "\(lease.name)", LogKeys.id: "\(lease.id)", LogKeys.error: "\(reason)",
                LogKeys.count: "\(count)",
            ]
        )
    }

    /// Warns of a handler that keeps running although it was cancelled for a cause.
    func warnOfOverrun(of lease: Lease, attempt: Int?, _ cause: CancellationCause) {
        warn(
            "the handler was cancelled, but it keeps running; its slot stays taken until it ends",
            about: lease,
            attempt: attempt,
            error: cause.description
        )
    }
}
