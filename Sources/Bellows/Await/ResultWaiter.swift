import Synchronization

/// Waits for the result of one task: listens first, then looks, and looks again after every gap.
final class ResultWaiter: Sendable {
    let backend: any Backend
    let name: TaskName
    let id: TaskID
    private let subscription: SignalSubscription
    /// Whether a signal was taken already, after which none may come again, and what the last one brought.
    private let heard = Mutex<(anything: Bool, announcement: ResultAnnouncement?)>((false, nil))

    /// What a look may take at least.
    private static let leastLook = Duration.milliseconds(250)

    /// A backend that failed for the moment is asked again after this time, if no signal comes first.
    private static let retryInterval = Duration.seconds(1)

    /// Listens for the result of a task.
    init(backend: any Backend, name: TaskName, id: TaskID) async throws(BellowsError) {
        self.backend = backend
        self.name = name
        self.id = id
        subscription = try await backend.subscribe(to: [.result(id, of: name)])
    }

    /// Forgets the signals so far. A publish that follows need not look for its result until one comes: what was
    /// in force before the publish announces its result, and what comes into force later says so.
    func forgetEarlierSignals() {
        subscription.discardPending()
    }

    /// Waits for the result.
    ///
    /// - Parameters:
    ///   - run: the publish whose result is wanted.
    ///   - looksFirst: whether the result may be there already, or was not asked for by its publisher.
    ///   - deadline: when to give up. The first look may take a quarter of a second all the same.
    func wait(
        run: RunID?,
        looksFirst: Bool,
        until deadline: ContinuousClock.Instant?
    ) async throws(TaskAwaitError) -> [UInt8] {
        let time = backend.timeSource
        // However short the wait, the store gets the time to answer once.
        let lookDeadline = deadline.map { max($0, time.now + Self.leastLook) }
        var mustLook = looksFirst || heard.withLock(\.anything)
        while true {
            var retry: ContinuousClock.Instant?
            if mustLook {
                switch await find(ResultQuery(id: id, run: run), until: lookDeadline) {
                case .success(let bytes): return bytes
                case .failure(.backend(let error)) where error.isRetryable: retry = time.now + Self.retryInterval
                case .failure(let error): throw error
                case nil: break
                }
            }
            let limit = [deadline, retry].compactMap(\.self).min()
            switch await subscription.next(until: limit, on: time) {
            case .signal(let signal):
                heard.withLock { heard in
                    heard.anything = true
                    if case .resultReady(let announcement) = signal { heard.announcement = announcement }
                }
                mustLook = true
            case .deadline:
                if let deadline, deadline <= time.now { throw .timedOut }
                mustLook = true
            case .ended:
                if Task.isCancelled { throw .cancelled }
                throw .backend(BellowsError(.closed, "the backend was closed while a result was awaited"))
            }
        }
    }

    /// What a signal has brought, or the store says by the deadline.
    private func find(
        _ query: ResultQuery,
        until deadline: ContinuousClock.Instant?
    ) async -> Result<[UInt8], TaskAwaitError>? {
        if let answer = heard.withLock({ $0.announcement?.answer(forRun: query.run) }) { return Self.answer(answer) }
        // A store that hangs must not hold up who waits for a limited time, or is cancelled.
        switch await BoundedCall.run(until: deadline, on: backend.timeSource, { await self.look(for: query) }) {
        case .value(let answer): return answer
        case .deadline: return .failure(.timedOut)
        case .cancelled: return .failure(.cancelled)
        }
    }

    /// Asks the store.
    private func look(for query: ResultQuery) async -> Result<[UInt8], TaskAwaitError>? {
        do throws(BellowsError) {
            return Self.answer(try await backend.result(of: [query], in: name).first)
        } catch {
            return .failure(error.code == .cancelled ? .cancelled : .backend(error))
        }
    }

    /// The result or the reason why there will be none; nil while the task waits or runs.
    private static func answer(_ lookup: ResultLookup?) -> Result<[UInt8], TaskAwaitError>? {
        switch lookup {
        case .pending: nil
        case .finished(let bytes): .success(bytes)
        case .dead(let reason): .failure(.dead(reason: reason))
        case .cancelled(let reason): .failure(.taskCancelled(reason: reason))
        case .expired: .failure(.expired)
        case .unknown, nil: .failure(.unknown)
        }
    }
}
