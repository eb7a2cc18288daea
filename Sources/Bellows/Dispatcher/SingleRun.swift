import BellowsRuntime
import Synchronization

/// The shell around one lease machine: runs the handler with a task, renews, reports.
struct SingleRun: Sendable {
    private enum Event: Sendable {
        case ended(AttemptReport)
        /// A renewal was answered, with nil if the store did not answer.
        case renewed(sentAt: MonotonicInstant, LeaseOutcome?)
        case timer
        case poolChanged(PoolPulse.Change)
        case stop
    }

    private let attempt: SingleAttempt
    private let task: ClaimedTask
    private let live: TaskContext.Live
    private let mailbox = EventMailbox<Event>()
    private var machine: LeaseStateMachine
    private var isPoolSilent = false
    private var outcome: RunOnceOutcome?
    private var failure: BellowsError?

    /// Prepares the run of a task.
    ///
    /// - Parameters:
    ///   - attempt: whose task it is, and who sends its reports.
    ///   - task: what was claimed.
    ///   - sent: when the claim was sent, from which the lease counts.
    init(_ attempt: SingleAttempt, _ task: ClaimedTask, claimSentAt sent: MonotonicInstant) {
        self.attempt = attempt
        self.task = task
        machine = LeaseStateMachine(duration: task.lease.duration, claimSentAt: sent)
        live = TaskContext.Live(deadline: machine.deadline)
    }

    private var time: any TimeSource { attempt.backend.timeSource }
    private var now: MonotonicInstant { MonotonicInstant(time.now) }

    /// Runs until the attempt is reported or given up. Cancelling the calling task cancels the handler.
    consuming func run() async throws(BellowsError) -> RunOnceOutcome {
        let mailbox = mailbox
        let worker = startWorker()
        let watch = PoolWatch(lease: task.lease.duration) { [logger = attempt.logger] change in
            logger.warn(of: change)
            mailbox.post(.poolChanged(change))
        }
        watch.setNeeded(true)
        defer { watch.end() }
        var run = self
        return try await withTaskCancellationHandler {
            await run.loop(worker)
        } onCancel: {
            mailbox.post(.stop)
        }.get()
    }

    private func startWorker() -> Task<Void, Never> {
        let (handler, limits) = (attempt.handler, attempt.backend.limits)
        let context = TaskContext(task: task, logger: attempt.logger, live: live)
        return Task(executorPreference: HandlerExecutor.shared) { [task, time, mailbox] in
            let result = await handler.attempt(task, context)
            var random = SystemRandomNumberGenerator()
            let resolver = AttemptResolver(handler, limits: limits)
            mailbox.post(.ended(resolver.report(on: task, result, date: time.date, using: &random)))
        }
    }

    private mutating func loop(_ worker: Task<Void, Never>) async -> Result<RunOnceOutcome, BellowsError> {
        var timer: TimerToken?
        defer { if let timer { time.cancel(timer) } }
        while true {
            if let timer { time.cancel(timer) }
            timer = machine.nextInstant.map { instant in
                time.schedule(at: instant.clockInstant) { [mailbox] in mailbox.post(.timer) }
            }
            for event in await mailbox.next() {
                var action = take(event)
                // Each action's answer may ask for another one.
                while let current = action {
                    if case .retire(let retirement) = current { return end(retirement) }
                    action = await perform(current, worker)
                }
            }
        }
    }

    private mutating func take(_ event: Event) -> LeaseStateMachine.Action? {
        switch event {
        case .ended(let report): return machine.workerEnded(report, at: now)
        case .renewed(let sent, let outcome):
            defer { live.state.withLock { $0.deadline = machine.deadline } }
            switch outcome {
            case .done: return machine.renewed(sentAt: sent)
            case .cancellationRequested(let reason):
                // A report would wait for this answer, but then there is nothing left to cancel.
                return machine.renewed(sentAt: sent) ?? machine.cancellationRequested(reason: reason, at: now)
            case .some: return machine.renewalRefused(now)
            case nil: return machine.renewalFailed(now)
            }
        case .timer: return machine.timePassed(now)
        case .poolChanged(let change):
            isPoolSilent = change == .fellSilent
            return nil
        case .stop: return machine.stop()
        }
    }

    private mutating func perform(
        _ action: LeaseStateMachine.Action,
        _ worker: Task<Void, Never>
    ) async -> LeaseStateMachine.Action? {
        switch action {
        case .cancelWorker(let cause):
            live.state.withLock { $0.cancellation = cause }
            worker.cancel()
        case .reportOverrun:
            let cause = live.state.withLock(\.cancellation) ?? .leaseLost
            attempt.logger.warnOfOverrun(of: task.lease, attempt: task.attempt, cause)
        case .renew where isPoolSilent: return machine.renewalFailed(now)
        case .renew:
            // Beside this loop: the end of the lease and a cancellation do not wait for the answer. On the event loop:
            // handlers may block every thread of the pool.
            let sent = now
            EventLoop.shared.start { [attempt, task, mailbox] in
                mailbox.post(.renewed(sentAt: sent, await attempt.renew(task.lease)))
            }
        case .report(let report): return await deliver(report)
        case .retire: break
        }
        return nil
    }

    private mutating func deliver(_ report: AttemptReport) async -> LeaseStateMachine.Action? {
        // A task of its own, which nobody cancels: a cancelled run has to give its task back.
        let delivery = Task(executorPreference: EventLoop.shared) { [attempt] in
            await Result(calling: { () async throws(BellowsError) in try await attempt.deliver(report) })
        }
        switch await delivery.value {
        case .success(let outcome):
            self.outcome = outcome
            return machine.reportAnswered(outcome == nil ? .leaseLost : .done)
        case .failure(let error):
            failure = error
            return machine.reportFailed(now, pause: error.retryPause, mayBeDone: error.mayBeDone)
        }
    }

    /// What the caller of the attempt is told.
    private func end(_ retirement: LeaseStateMachine.Retirement) -> Result<RunOnceOutcome, BellowsError> {
        switch retirement {
        case .reported: .success(outcome ?? .retrySoon)
        case .leaseLost, .outcomeUnknown: .success(.retrySoon)
        case .unreported: .failure(failure ?? BellowsError(.unavailable, "the attempt could not be reported"))
        }
    }
}
