/// The life of one claimed task: events in, actions out. Knows no clock, no backend and no worker.
///
/// It keeps four promises: at most one operation on the lease is under way at a time; the attempt is reported once,
/// as one of finished, failed or released; a worker whose lease is lost is cancelled; and what the store refused is
/// never sent again.
struct LeaseStateMachine {
    /// What the shell has to do.
    enum Action: Equatable {
        /// Renew the lease now.
        case renew
        /// Cancel the worker.
        case cancelWorker(CancellationCause)
        /// Report that the worker keeps running although it was cancelled, and not because everything stops.
        case reportOverrun
        /// Send the report. The machine gets the answer as an event.
        case report(AttemptReport)
        /// The task is not ours any more; its slot is free.
        case retire(Retirement)
    }

    /// How it ended.
    enum Retirement: Equatable {
        /// The store took the report.
        case reported
        /// The store refused: somebody else has the task, or it is gone.
        case leaseLost
        /// The store refused, but an earlier try to report may have come through.
        case outcomeUnknown
        /// The report could not be delivered; the lease will end by itself.
        case unreported
    }

    private enum Ownership {
        /// The local deadline has not passed.
        case certain
        /// It has; only the store knows whether somebody took the task over.
        case doubtful
        /// The store said so.
        case lost
    }

    private let duration: Duration
    private var ownership = Ownership.certain
    private var isWorkerRunning = true
    private var isWorkerCancelled = false
    private var isOperationUnderWay = false
    private var mustRelease = false
    private var report: AttemptReport?
    private var isReportDelivered = false
    private var mayBeReported = false
    private var retryReportAt: MonotonicInstant?
    private var giveUpReportAt: MonotonicInstant?
    private var nextRenewal: MonotonicInstant
    private var overrunAt: MonotonicInstant?

    /// How long a worker may take to end after it was cancelled because of its lease, or because its task was.
    static let overrunGrace = Duration.seconds(5)

    private var wasToldOfOverrun = false

    /// Whether it was reported that the worker keeps running, and it still does.
    var isOverrun: Bool { wasToldOfOverrun && isWorkerRunning }

    /// Whether what is reported is that the task is dead.
    var isBurial: Bool {
        if case .fail(let request)? = report { request.disposition == .dead } else { false }
    }

    /// Until when, by the local clock, the task is surely ours.
    private(set) var deadline: MonotonicInstant

    private var policy: LeasePolicy { LeasePolicy(duration: duration) }

    /// A task that was just claimed.
    ///
    /// - Parameters:
    ///   - duration: the length of the lease.
    ///   - sent: when the claim was sent, so that the local deadline is never later than the store's.
    init(duration: Duration, claimSentAt sent: MonotonicInstant) {
        self.duration = duration
        deadline = sent + duration
        nextRenewal = sent + LeasePolicy(duration: duration).renewalInterval
    }

    /// When the machine wants to be told the time; nil if only an answer can move it.
    var nextInstant: MonotonicInstant? {
        if isWorkerRunning, report == nil {
            guard ownership == .certain else { return overrunAt }
            let next = isOperationUnderWay || mustRelease ? deadline : min(nextRenewal, deadline)
            return overrunAt.map { min($0, next) } ?? next
        }
        return isOperationUnderWay ? nil : retryReportAt
    }

    /// The time has come that ``nextInstant`` named, or some other time.
    mutating func timePassed(_ now: MonotonicInstant) -> Action? {
        if isWorkerRunning, report == nil {
            if let instant = overrunAt, instant <= now {
                overrunAt = nil
                wasToldOfOverrun = true
                return .reportOverrun
            }
            guard ownership == .certain else { return nil }
            if now >= deadline {
                ownership = .doubtful
                return cancelWorker(.leaseLost, at: now)
            }
            // A lease that is about to be given back needs no more time.
            return now >= nextRenewal && !mustRelease ? renew() : nil
        }
        guard let retry = retryReportAt, retry <= now else { return nil }
        return sendReport()
    }

    /// After an outage: renew as soon as possible if the regular time has passed.
    mutating func reconnected(_ now: MonotonicInstant) -> Action? {
        guard isWorkerRunning, report == nil, ownership == .certain else { return timePassed(now) }
        return deadline - now < duration * 2 / 3 ? renew() : nil
    }

    /// The store extended the lease.
    mutating func renewed(sentAt sent: MonotonicInstant) -> Action? {
        isOperationUnderWay = false
        deadline = max(deadline, sent + duration)
        nextRenewal = sent + policy.renewalInterval
        return sendReport()
    }

    /// The store refused to extend the lease.
    mutating func renewalRefused(_ now: MonotonicInstant) -> Action? {
        isOperationUnderWay = false
        ownership = .lost
        guard isWorkerRunning, !mustRelease else { return .retire(.leaseLost) }
        return cancelWorker(.leaseLost, at: now)
    }

    /// Somebody has cancelled the task. The lease is kept, because the handler may still end well.
    mutating func cancellationRequested(reason: String, at now: MonotonicInstant) -> Action? {
        guard isWorkerRunning, report == nil else { return nil }
        return cancelWorker(.requested(reason: reason), at: now)
    }

    /// The renewal did not get through.
    mutating func renewalFailed(_ now: MonotonicInstant) -> Action? {
        isOperationUnderWay = false
        nextRenewal = now + policy.retryInterval
        return sendReport()
    }

    /// The worker has returned or thrown.
    mutating func workerEnded(_ report: AttemptReport, at now: MonotonicInstant) -> Action? {
        isWorkerRunning = false
        // An abandoned worker that ends at last: its task was released already.
        guard self.report == nil else { return nil }
        if ownership == .lost { return .retire(.leaseLost) }
        // Finished work is worth offering even after the local deadline: the store decides by the token.
        if ownership == .doubtful, !report.isFinish { return .retire(.leaseLost) }
        return deliver(mustRelease && !report.isFinish ? .release(report.lease) : report, at: now)
    }

    /// Everything stops: cancel the worker, and give the task back unless it ends well.
    mutating func stop() -> Action? {
        guard isWorkerRunning, report == nil else { return nil }
        mustRelease = true
        return cancelWorker(.shutdown, at: nil)
    }

    /// The worker does not react to its cancellation and everything stops: give the task back all the same.
    mutating func abandon(_ lease: Lease, at now: MonotonicInstant) -> Action? {
        guard isWorkerRunning, report == nil else { return nil }
        guard ownership != .lost else { return .retire(.leaseLost) }
        return deliver(.release(lease), at: now)
    }

    /// The store answered the report.
    mutating func reportAnswered(_ outcome: LeaseOutcome) -> Action? {
        isOperationUnderWay = false
        isReportDelivered = true
        guard outcome == .leaseLost else { return .retire(.reported) }
        return .retire(mayBeReported ? .outcomeUnknown : .leaseLost)
    }

    /// The report did not get through.
    ///
    /// - Parameters:
    ///   - pause: how long to wait at least before the next try; nil if that is of no use.
    ///   - mayBeDone: whether the store may have taken it all the same.
    mutating func reportFailed(_ now: MonotonicInstant, pause: Duration?, mayBeDone: Bool) -> Action? {
        isOperationUnderWay = false
        mayBeReported = mayBeReported || mayBeDone
        guard let pause, let giveUpReportAt, now < giveUpReportAt else { return .retire(.unreported) }
        retryReportAt = now + max(pause, .milliseconds(50), min(policy.retryInterval, .seconds(1)))
        return nil
    }

    private mutating func renew() -> Action? {
        guard !isOperationUnderWay else { return nil }
        isOperationUnderWay = true
        return .renew
    }

    /// - Parameter now: nil if nobody is told of a worker that keeps running.
    private mutating func cancelWorker(_ cause: CancellationCause, at now: MonotonicInstant?) -> Action? {
        guard !isWorkerCancelled else { return nil }
        isWorkerCancelled = true
        overrunAt = now.map { $0 + Self.overrunGrace }
        return .cancelWorker(cause)
    }

    private mutating func deliver(_ report: AttemptReport, at now: MonotonicInstant) -> Action? {
        self.report = report
        // After three leases somebody else has the task, if there is anybody.
        giveUpReportAt = now + duration * 3
        return sendReport()
    }

    private mutating func sendReport() -> Action? {
        guard let report, !isReportDelivered, !isOperationUnderWay else { return nil }
        isOperationUnderWay = true
        retryReportAt = nil
        return .report(report)
    }
}
