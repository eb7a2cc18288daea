import BellowsRuntime
import Logging
import Synchronization

/// One run of a dispatcher: feeds events to the state machine and performs its actions.
///
/// Everything here runs on ``EventLoop``, so that handlers which block their thread cannot hold up renewals;
/// only handlers run on Swift's own pool.
struct DispatcherSession: Sendable {
    let backend: any Backend
    /// The backend's way to hand wake-ups on, if it has one.
    let forwarding: (any WakeUpForwarding)?
    let handlers: [TaskHandler]
    let names: [TaskName]
    let configuration: DispatcherConfiguration
    let logger: Logger
    let mailbox: EventMailbox<DispatcherEvent>
    let board: DispatcherVitals.HealthBoard
    private let warnings = WarningPacing()

    /// A throttle that all calls of this run share.
    private final class WarningPacing: Sendable {
        private let throttle = Mutex(LogThrottle())

        func pass() -> Bool { throttle.withLock { $0.pass(now: .now) } != nil }
    }

    /// Runs until the state machine ends.
    func run() async throws(BellowsError) {
        try await withTaskExecutorPreference(EventLoop.shared) { () async throws(BellowsError) in
            let subscription = try await backend.subscribe(to: names.map(SignalTopic.tasks))
            subscription.observe { mailbox.post(.signalsWaiting) }
            await loop(subscription)
            subscription.cancel()
        }
    }

    private func loop(_ subscription: SignalSubscription) async {
        let time = backend.timeSource
        let resolvers = handlers.map { AttemptResolver($0, limits: backend.limits) }
        var machine = makeMachine(resolvers)
        var workers = DispatcherWorkers(handlers, resolvers, logger: logger, time: time) { [mailbox] slot, report in
            mailbox.post(.workerEnded(slot, report), canWait: true)
        }
        defer { workers.close() }
        let watch = makePoolWatch()
        defer { watch.end() }
        var holdsLeases = false
        var timer: TimerToken?
        while true {
            // While every call that could report it is under way, the end of a worker need not wake this thread.
            var events = await mailbox.next(wakeThreshold: machine.endsBeforeWakeUp)
            if let signals = subscription.takePending() {
                for signal in signals { events.append(.signal(signal)) }
            } else {
                // The backend was closed: nothing will wake us any more.
                events.append(.stop)
            }
            let actions = machine.handle(events, now: MonotonicInstant(time.now), jitter: .random(in: 0...1))
            board.put(machine.vitals)
            if machine.holdsLeases != holdsLeases {
                holdsLeases.toggle()
                watch.setNeeded(holdsLeases)
            }
            // First of all, so that workers run while their successors are claimed.
            workers.start(actions)
            for action in actions {
                switch action {
                case .start: break
                case .worker(let action): workers.perform(action)
                case .store(let call): send(call, time)
                case .warnOfNewer(let lease, let reason, let count):
                    logger.warnOfNewerTask(lease, reason: reason, count: count)
                case .setTimer(let instant):
                    if let timer { time.cancel(timer) }
                    timer = time.schedule(at: instant.clockInstant) { mailbox.post(.timer) }
                case .end:
                    if let timer { time.cancel(timer) }
                    return
                }
            }
        }
    }

    private func makeMachine(_ resolvers: [AttemptResolver]) -> DispatcherStateMachine {
        let definitions = names.indices.map { index in
            DispatcherStateMachine.Definition(
                name: names[index],
                kind: handlers[index].kind,
                resolver: resolvers[index]
            )
        }
        return DispatcherStateMachine(definitions: definitions, configuration: configuration)
    }

    private func makePoolWatch() -> PoolWatch {
        PoolWatch(lease: configuration.lease.duration) { [mailbox, logger] change in
            logger.warn(of: change)
            mailbox.post(.poolChanged(change))
        }
    }

    /// Starts a call to the backend; its answer comes back as an event. The calls are not children of the loop, so
    /// that a store which does not answer cannot hold up the end of a drain.
    private func send(_ call: StoreCall, _ time: any TimeSource) {
        EventLoop.shared.start {
            switch call {
            case .claim(let definition, let count): await claim(definition, count, time)
            case .forwardWakeUp(let name):
                guard let forwarding else { break }
                _ = await attempt("a wake-up could not be passed on", name) { () async throws(BellowsError) in
                    try await forwarding.forwardWakeUp(for: name)
                }
            case .renew(let name, let slots, let leases):
                let sent = MonotonicInstant(time.now)
                let outcomes = await attempt("renewal failed", name) { () async throws(BellowsError) in
                    try await backend.renew(leases, in: name)
                }
                mailbox.post(.renewalsReturned(slots, sentAt: sent, outcomes.success))
            case .finish(let name, let slots, let requests):
                let outcomes = await attempt("finish failed", name) { () async throws(BellowsError) in
                    try await backend.finish(requests, in: name)
                }
                mailbox.post(.reportsReturned(slots, DispatcherEvent.ReportAnswer(outcomes)))
            case .fail(let name, let slots, let requests):
                let outcomes = await attempt("fail failed", name) { () async throws(BellowsError) in
                    try await backend.fail(requests, in: name)
                }
                mailbox.post(.reportsReturned(slots, DispatcherEvent.ReportAnswer(outcomes)))
            case .release(let name, let slots, let leases, let delay):
                let outcomes = await attempt("release failed", name) { () async throws(BellowsError) in
                    try await backend.release(leases, in: name, after: delay)
                }
                mailbox.post(.reportsReturned(slots, DispatcherEvent.ReportAnswer(outcomes)))
            }
        }
    }

    private func claim(_ definition: Int, _ count: Int, _ time: any TimeSource) async {
        let sent = MonotonicInstant(time.now)
        let name = names[definition]
        let request = ClaimRequest(
            name: name,
            selection: handlers[definition].kind == .singleton ? .singleton : .earliest(count),
            lease: configuration.lease.duration,
            wantsWakeUp: true
        )
        let outcome = await attempt("claim failed", name) { () async throws(BellowsError) in
            try await backend.claim(request)
        }
        var pause = Duration.zero
        // A worker keeps trying for as long as it lives.
        if case .failure(let error) = outcome { pause = error.retryPause ?? .seconds(1) }
        let event = DispatcherEvent.claimReturned(
            definition: definition,
            requested: count,
            sentAt: sent,
            outcome.success,
            pause: pause
        )
        mailbox.post(event)
    }

    /// Calls the backend and logs what fails; the state machine decides what follows.
    ///
    /// The connection logs what passes by itself. What does not pass is a warning, one in ten seconds.
    private func attempt<Answer>(
        _ message: Logger.Message,
        _ name: TaskName,
        _ call: () async throws(BellowsError) -> Answer
    ) async -> Result<Answer, BellowsError> {
        do throws(BellowsError) {
            return .success(try await call())
        } catch {
            let mustWarn = error.isWorthAWarning && warnings.pass()
            logger.log(
                level: mustWarn ? .warning : .debug,
                message,
                metadata: [LogKeys.task: "\(name)", LogKeys.error: "\(ErrorText.describe(error))"]
            )
            return .failure(error)
        }
    }
}

extension DispatcherEvent.ReportAnswer {
    init(_ result: Result<[LeaseOutcome], BellowsError>) {
        switch result {
        case .success(let outcomes): self = .outcomes(outcomes)
        case .failure(let error):
            self = .failed(pause: error.retryPause, mayBeDone: error.mayBeDone)
        }
    }
}

extension Result {
    /// The value; nil for a failure, which has been logged already.
    fileprivate var success: Success? {
        if case .success(let value) = self { value } else { nil }
    }
}
