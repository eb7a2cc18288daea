import Bellows
import Synchronization

/// The in-memory backend with one fault.
final class MutantBackend: Backend {
    let mutation: Mutation
    let inner: InMemoryBackend
    private let currentTokens = Mutex<[TaskID: LeaseToken]>([:])

    init(_ mutation: Mutation, timeSource: any TimeSource) {
        self.mutation = mutation
        let limits = mutation == .takesLargePayloads ? TaskLimits(payload: 2 << 20) : TaskLimits()
        inner = InMemoryBackend(timeSource: timeSource, limits: limits)
    }

    var timeSource: any TimeSource { inner.timeSource }
    var limits: TaskLimits { TaskLimits() }

    func publish(_ requests: [PublishRequest], to name: TaskName) async throws(BellowsError) -> [PublishedTask] {
        let mutated = requests.map { request in
            var request = request
            switch mutation {
            case .forgetsHeaders: request.options.headers = [:]
            case .ignoresCallersIDs: request.options.id = nil
            case .ignoresDelays: request.options.availability = .now
            case .delaysTooMuch:
                if case .after(let delay) = request.options.availability {
                    request.options.availability = .after(delay * 2)
                }
            case .forgetsWaiters:
                request.options.announcesResult = false
                request.options.resultRetention = nil
            case .cutsPayloadsAtNUL: request.payload = Array(request.payload.prefix { $0 != 0 })
            default: break
            }
            return request
        }
        return try await inner.publish(mutation == .reversesLists ? mutated.reversed() : mutated, to: shared(name))
    }

    func claim(_ request: ClaimRequest) async throws(BellowsError) -> ClaimOutcome {
        var request = request
        request.name = try shared(request.name)
        if mutation == .mixesKinds, request.selection == .singleton { request.selection = .earliest(1) }
        guard case .claimed(let tasks, let next) = try await inner.claim(request) else {
            return try await inner.claim(request)
        }
        currentTokens.withLock { tokens in
            for task in tasks { tokens[task.id] = task.lease.token }
        }
        let mutated = tasks.map { task in
            ClaimedTask(
                lease: task.lease,
                attempt: mutation == .alwaysFirstAttempt ? 1 : task.attempt,
                fence: mutation == .keepsFence ? 7 : task.fence,
                record: task.record
            )
        }
        return .claimed(mutated, next: next)
    }

    func renew(_ leases: [Lease], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        if mutation == .renewsNothing { return leases.map { _ in .done } }
        return try await inner.renew(leases.map(current), in: shared(name))
    }

    func finish(_ requests: [FinishRequest], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        let mutated = requests.map { request in
            var request = request
            request.lease = current(request.lease)
            if mutation == .forgetsNextRuns { request.nextRun = nil }
            return request
        }
        return try await inner.finish(mutated, in: shared(name))
    }

    func fail(_ requests: [FailRequest], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        let mutated = requests.map { request in
            var request = request
            request.lease = current(request.lease)
            if mutation == .retriesTheDead { request.disposition = .retry(.now) }
            return request
        }
        return try await inner.fail(mutated, in: shared(name))
    }

    func release(
        _ leases: [Lease],
        in name: TaskName,
        after delay: Duration
    ) async throws(BellowsError) -> [LeaseOutcome] {
        guard mutation == .countsReleases else {
            let delay = mutation == .releasesAtOnce ? .zero : delay
            return try await inner.release(leases.map(current), in: shared(name), after: delay)
        }
        let requests = leases.map { FailRequest(lease: $0, disposition: .retry(.now), error: "") }
        return try await inner.fail(requests, in: shared(name))
    }

    func subscribe(to topics: [SignalTopic]) async throws(BellowsError) -> SignalSubscription {
        try await inner.subscribe(to: topics)
    }

    func result(of queries: [ResultQuery], in name: TaskName) async throws(BellowsError) -> [ResultLookup] {
        let mutated = queries.map { ResultQuery(id: $0.id, run: mutation == .mixesRuns ? nil : $0.run) }
        return try await inner.result(of: mutated, in: shared(name))
    }

    private func shared(_ name: TaskName) throws(BellowsError) -> TaskName {
        mutation == .mixesDefinitions ? try TaskName("all") : name
    }

    private func current(_ lease: Lease) -> Lease {
        guard mutation == .ignoresTokens, let token = currentTokens.withLock({ $0[lease.id] }) else { return lease }
        return Lease(name: lease.name, kind: lease.kind, id: lease.id, token: token, duration: lease.duration)
    }
}
