import BellowsRuntime
import Logging
import Synchronization

/// One attempt without a dispatcher: claims a task, and runs or refuses it.
struct SingleAttempt: Sendable {
    let backend: any Backend
    let handler: TaskHandler
    let logger: Logger

    /// How many tasks of a newer version are given back before another one is not looked for any more.
    private static let maximumGiveBacks = 16
    private static let newerTasks = Mutex(LogThrottle(interval: GiveBackSchedule.warningInterval))

    /// What became of a claim.
    private enum Step: Equatable {
        case foundNothing
        /// The store has more to look at.
        case mayFindMore
        case gaveBack
        case ran
    }

    func run(id: TaskID?, lease: LeasePolicy) async throws(BellowsError) -> RunOnceOutcome {
        let partitions = try handler.partitions()
        try backend.limits.validate()
        if let registry = backend.capability((any PartitionCountRegistry).self) {
            try await registry.registerPartitionCount(partitions)
        }
        if handler.kind == .singleton { return try await run(.singleton, of: partitions.name, lease).outcome }
        if let id { return try await run(.id(id), of: partitions.partition(for: id), lease).outcome }
        var outcomes: [RunOnceOutcome] = []
        var isSoon = false
        for name in partitions.names.shuffled() where !Task.isCancelled {
            var (outcome, step) = try await run(.earliest(1), of: name, lease)
            // What a newer version has to run must not stand in front of everything else.
            for _ in 0..<Self.maximumGiveBacks where step == .gaveBack {
                (outcome, step) = try await run(.earliest(1), of: name, lease)
            }
            if step == .ran { return outcome }
            isSoon = isSoon || step != .foundNothing
            outcomes.append(outcome)
        }
        if isSoon { return .retrySoon }
        let delays = outcomes.compactMap { if case .retry(let delay) = $0 { delay } else { nil } }
        return delays.min().map { .retry(after: $0) } ?? .retrySoon
    }

    /// Claims and runs one task, if there is one.
    private func run(
        _ selection: ClaimRequest.Selection,
        of name: TaskName,
        _ lease: LeasePolicy
    ) async throws(BellowsError) -> (outcome: RunOnceOutcome, step: Step) {
        let sent = MonotonicInstant(backend.timeSource.now)
        let request = ClaimRequest(name: name, selection: selection, lease: lease.duration)
        switch try await backend.claim(request) {
        case .claimed(let tasks, _):
            guard let task = tasks.first else { return (.retrySoon, .foundNothing) }
            switch AttemptResolver(handler, limits: backend.limits).refusal(of: task) {
            case nil: return (try await SingleRun(self, task, claimSentAt: sent).run(), .ran)
            case .dead(let request): return (try await deliver(.fail(request)) ?? .retrySoon, .ran)
            case .newer(let reason): return (try await giveBack(task, reason), .gaveBack)
            }
        case .leased(let remaining): return (.retry(after: remaining), .foundNothing)
        case .unavailable(.after(let delay)): return (.retry(after: delay), .foundNothing)
        case .unavailable(.now): return (.retrySoon, .mayFindMore)
        case .unavailable: return (.retrySoon, .foundNothing)
        case .notFound: return (.done, .foundNothing)
        }
    }

    /// Gives a task of a newer version back, for the longest time: nothing is known here of earlier times.
    private func giveBack(_ task: ClaimedTask, _ reason: String) async throws(BellowsError) -> RunOnceOutcome {
        if let heldBack = Self.newerTasks.withLock({ $0.pass(now: .now) }) {
            logger.warnOfNewerTask(task.lease, reason: reason, count: heldBack + 1)
        }
        return try await deliver(.release(task.lease, after: GiveBackSchedule.longestDelay)) ?? .retrySoon
    }

    /// Sends a report.
    ///
    /// - Returns: what the caller of the attempt should do; nil if the lease was lost.
    func deliver(_ report: AttemptReport) async throws(BellowsError) -> RunOnceOutcome? {
        let name = report.lease.name
        switch report {
        case .finish(let request):
            guard try await backend.finish([request], in: name).first == .done else { return nil }
            guard let next = request.nextRun else {
                return request.lease.kind == .singleton ? .retry(after: .seconds(1)) : .done
            }
            return .retry(after: .milliseconds(try next.milliseconds(from: backend.timeSource.date)))
        case .fail(let request):
            guard try await backend.fail([request], in: name).first == .done else { return nil }
            guard case .retry(let availability) = request.disposition else { return .done }
            return .retry(after: .milliseconds(try availability.milliseconds(from: backend.timeSource.date)))
        case .release(let lease, let delay):
            guard try await backend.release([lease], in: name, after: delay).first == .done else { return nil }
            return delay > .zero ? .retry(after: delay) : .retrySoon
        }
    }

    /// Renews the lease.
    ///
    /// - Returns: nil if the store did not answer.
    func renew(_ lease: Lease) async -> LeaseOutcome? {
        do {
            return try await backend.renew([lease], in: lease.name).first
        } catch {
            logger.debug("renewal failed", metadata: [LogKeys.error: "\(ErrorText.describe(error))"])
            return nil
        }
    }
}
