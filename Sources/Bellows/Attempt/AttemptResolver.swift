#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Decides what an attempt's result means for its task: pure rules of retries, limits and dead letters.
struct AttemptResolver {
    /// The handler's policy; a task may bring its own.
    let handlerPolicy: RetryPolicy
    /// How long the definition keeps results.
    let resultRetention: Duration?
    /// The backend's limits.
    let limits: TaskLimits

    /// A handler's rules.
    init(_ handler: TaskHandler, limits: TaskLimits) {
        self.init(
            handlerPolicy: handler.options.retry,
            resultRetention: handler.options.resultRetention,
            limits: limits
        )
    }

    /// Rules one by one.
    init(handlerPolicy: RetryPolicy, resultRetention: Duration?, limits: TaskLimits) {
        self.handlerPolicy = handlerPolicy
        self.resultRetention = resultRetention
        self.limits = limits
    }

    /// Why a claimed task is not handed to a worker at all.
    enum Refusal: Equatable {
        /// It is given up.
        case dead(FailRequest)
        /// A newer version knows what to do with it, so it is given back. The reason says what this one does not know.
        case newer(reason: String)
    }

    /// Why a claimed task must not be handed to a worker at all; nil for a sound one with attempts left.
    func refusal(of task: ClaimedTask) -> Refusal? {
        // First of all: nothing else in such a record can be trusted, not even how often it may be tried.
        if task.lease.kind == .published, task.id.isOurs {
            return .newer(reason: "a newer version of Bellows made the task for itself")
        }
        if let reason = task.newer { return .newer(reason: reason) }
        if let reason = task.malformed {
            return .dead(FailRequest(lease: task.lease, disposition: .dead, error: reason))
        }
        let maximum = policy(for: task).maximumAttempts
        guard task.lease.kind == .published, task.attempt > maximum else { return nil }
        let reason =
            "all \(maximum) attempts are used up, and the last one ended without a report: "
            + "its worker crashed or lost the lease"
        return .dead(FailRequest(lease: task.lease, disposition: .dead, error: reason, countsAttempt: false))
    }

    /// What is reported for an attempt.
    ///
    /// - Parameters:
    ///   - task: the claimed task.
    ///   - result: how its handler ended.
    ///   - date: the wall clock, for a next run at a date.
    ///   - random: the source of the jitter.
    func report(
        on task: ClaimedTask,
        _ result: AttemptResult,
        date: Date,
        using random: inout some RandomNumberGenerator
    ) -> AttemptReport {
        switch result {
        case .success(let bytes, let nextRun):
            guard bytes.count <= limits.result else {
                return dead(task, "result of \(bytes.count) bytes is over the limit of \(limits.result) bytes")
            }
            if let nextRun, let problem = problem(with: nextRun, date: date) { return dead(task, problem) }
            let request = FinishRequest(
                lease: task.lease,
                result: bytes,
                nextRun: nextRun.map { paced($0, task, date: date) },
                resultRetention: resultRetention,
                deduplicationWindow: task.record.deduplicationWindow
            )
            return .finish(request)
        case .failure(.dead(let reason)):
            return dead(task, reason)
        case .failure(.retryImmediately):
            return retry(task, .now, error: TaskFailure.retryImmediately.description)
        case .failure(.retry(let availability)):
            if let problem = problem(with: availability, date: date) { return dead(task, problem) }
            return retry(task, availability, error: TaskFailure.retry(availability).description)
        case .givenBack:
            return .release(task.lease)
        case .error(let text):
            let delay = policy(for: task).backoff.delay(attempt: task.attempt, using: &random)
            // A record of another writer may ask for more than any store takes; one report must not spoil its batch.
            return retry(task, .after(min(max(.zero, delay), Availability.maximumDelay)), error: text)
        }
    }

    /// A singleton whose next run is set to a date in the past would run without a pause, as would one on a host whose
    /// clock is ahead. A singleton that should run again at once asks for ``Availability/now``.
    private func paced(_ nextRun: Availability, _ task: ClaimedTask, date: Date) -> Availability {
        guard task.lease.kind == .singleton, case .at(let due) = nextRun, due <= date else { return nextRun }
        return .after(.seconds(1))
    }

    private func policy(for task: ClaimedTask) -> RetryPolicy {
        task.record.retryPolicy ?? handlerPolicy
    }

    private func problem(with availability: Availability, date: Date) -> String? {
        do throws(BellowsError) {
            _ = try availability.milliseconds(from: date)
            return nil
        } catch {
            return error.description
        }
    }

    private func retry(_ task: ClaimedTask, _ availability: Availability, error: String) -> AttemptReport {
        guard task.lease.kind == .singleton || task.attempt < policy(for: task).maximumAttempts else {
            return dead(task, error)
        }
        let text = limits.truncated(error)
        return .fail(FailRequest(lease: task.lease, disposition: .retry(availability), error: text))
    }

    private func dead(_ task: ClaimedTask, _ reason: String) -> AttemptReport {
        let text = limits.truncated(ErrorText.sanitize(reason))
        // A singleton has no dead letters: it backs off as far as its policy goes.
        let disposition: FailRequest.Disposition =
            task.lease.kind == .singleton ? .retry(.after(policy(for: task).backoff.maximum)) : .dead
        return .fail(FailRequest(lease: task.lease, disposition: disposition, error: text))
    }
}
