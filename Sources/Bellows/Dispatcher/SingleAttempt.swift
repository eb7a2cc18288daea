import BellowsRuntime
import Logging
import Synchronization

/// The shell around one lease machine: claims, runs the handler, renews, reports.
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
        case gaveBack
        case ran
    }

    private enum Event: Sendable {
        case ended(AttemptReport)
        /// A renewal was answered, with nil if the store did not answer.
        case renewed(sentAt: MonotonicInstant, LeaseOutcome?)
        case timer
        case poolChanged(PoolPulse.Change)
        case stop
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
        for name in partitions.names.shuffled() where !Task.isCancelled {
            var (outcome, step) = try await run(.earliest(1), of: name, lease)
            // What a newer version has to run must not stand in front of everything else.
            for _ in 0..<Self.maximumGiveBacks where step == .gaveBack {
                (outcome, step) = try await run(.earliest(1), of: name, lease)
            }
            if step == .ran { return outcome }
            outcomes.append(step == .gaveBack ? .retrySoon : outcome)
        }
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
            case nil: return (try await process(task, claimSentAt: sent), .ran)
            case .dead(let request): return (try await deliver(.fail(request)) ?? .retrySoon, .ran)
            case .newer(let reason): return (try await giveBack(task, reason), .gaveBack)
            }
        case .leased(let remaining): return (.retry(after: remaining), .foundNothing)
        case .unavailable(.after(let delay)): return (.retry(after: delay), .foundNothing)
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

    private func process(_ task: ClaimedTask, claimSentAt sent: MonotonicInstant) async throws(BellowsError)
        -> RunOnceOutcome
    {
        let time = backend.timeSource
        let resolver = AttemptResolver(handler, limits: backend.limits)
        var machine = LeaseStateMachine(duration: task.lease.duration, claimSentAt: sent)
        let mailbox = EventMailbox<Event>()
        let live = TaskContext.Live(deadline: machine.deadline)
        let context = TaskContext(task: task, logger: logger, live: live)
        let worker = Task(executorPreference: HandlerExecutor.shared) { [handler] in
            let result = await handler.attempt(task, context)
            var random = SystemRandomNumberGenerator()
            mailbox.post(.ended(resolver.report(on: task, result, date: time.date, using: &random)))
        }
        let watch = PoolWatch(lease: task.lease.duration) { [logger] change in
            logger.warn(of: change)
            mailbox.post(.poolChanged(change))
        }
        watch.setNeeded(true)
        defer { watch.end() }
        let result: Result<RunOnceOutcome, BellowsError> = await withTaskCancellationHandler {
            var timer: TimerToken?
            var isPoolSilent = false
            defer { if let timer { time.cancel(timer) } }
            var outcome: RunOnceOutcome?
            var failure: BellowsError?
            while true {
                if let timer { time.cancel(timer) }
                timer = machine.nextInstant.map { instant in
                    time.schedule(at: instant.clockInstant) { mailbox.post(.timer) }
                }
                for event in await mailbox.next() {
                    var action: LeaseStateMachine.Action?
                    switch event {
                    case .ended(let report): action = machine.workerEnded(report, at: MonotonicInstant(time.now))
                    case .renewed(let sent, let outcome):
                        let now = MonotonicInstant(time.now)
                        switch outcome {
                        case .done: action = machine.renewed(sentAt: sent)
                        case .some: action = machine.renewalRefused(now)
                        case nil: action = machine.renewalFailed(now)
                        }
                        live.state.withLock { $0.deadline = machine.deadline }
                    case .timer: action = machine.timePassed(MonotonicInstant(time.now))
                    case .poolChanged(let change): isPoolSilent = change == .fellSilent
                    case .stop: action = machine.stop()
                    }
                    // Each action's answer may ask for another one.
                    while let current = action {
                        action = nil
                        switch current {
                        case .cancelWorker: worker.cancel()
                        case .reportOverrun:
                            logger.warnOfOverrun(of: task.lease, attempt: task.attempt)
                        case .renew where isPoolSilent:
                            action = machine.renewalFailed(MonotonicInstant(time.now))
                        case .renew:
                            // Beside this loop: the end of the lease and a cancellation do not wait for the answer.
                            let sent = MonotonicInstant(time.now)
                            Task { mailbox.post(.renewed(sentAt: sent, await renew(task.lease))) }
                        case .report(let report):
                            do throws(BellowsError) {
                                outcome = try await deliver(report)
                                action = machine.reportAnswered(outcome == nil ? .leaseLost : .done)
                            } catch {
                                failure = error
                                action = machine.reportFailed(
                                    MonotonicInstant(time.now),
                                    pause: error.retryPause,
                                    mayBeDone: error.mayBeDone
                                )
                            }
                        case .retire(.reported): return .success(outcome ?? .retrySoon)
                        case .retire(.leaseLost), .retire(.outcomeUnknown): return .success(.retrySoon)
                        case .retire(.unreported):
                            return .failure(failure ?? BellowsError(.unavailable, "the attempt could not be reported"))
                        }
                    }
                }
            }
        } onCancel: {
            mailbox.post(.stop)
        }
        return try result.get()
    }

    /// Renews the lease.
    ///
    /// - Returns: nil if the store did not answer.
    private func renew(_ lease: Lease) async -> LeaseOutcome? {
        do {
            return try await backend.renew([lease], in: lease.name).first
        } catch {
            logger.debug("renewal failed", metadata: [LogKeys.error: "\(ErrorText.describe(error))"])
            return nil
        }
    }

    /// Sends a report.
    ///
    /// - Returns: what the caller of the attempt should do; nil if the lease was lost.
    private func deliver(_ report: AttemptReport) async throws(BellowsError) -> RunOnceOutcome? {
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
}
