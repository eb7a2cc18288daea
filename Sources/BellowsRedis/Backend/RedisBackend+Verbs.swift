public import Bellows

extension RedisBackend {
    /// For how long signals have not been coming through; nil if they do, or nobody has subscribed.
    public func signalGap() -> Duration? { listener.gap }

    /// Stores tasks. When this returns, they are as durable as the server is set to make them.
    public func publish(_ requests: [PublishRequest], to name: TaskName) async throws(BellowsError) -> [PublishedTask] {
        do throws(BellowsError) {
            let delays = try PublishRequest.validate(requests, limits: limits, date: timeSource.date)
            try await comparePartitionCounts(of: requests, to: name)
            let items = zip(requests, delays).map { PublishItem($0, delay: $1) }
            if let wait = requests.lazy.compactMap({ ReplicationWait($0.options.durability) }).max() {
                return try await replicated.publish(items, to: name, wait)
            }
            return try await batchers.publishes.call(
                items,
                in: name,
                bytes: items.reduce(0) { $0 + $1.record.count },
                exclusiveIDs: items.lazy.filter(\.isCallersID).map(\.id.rawValue)
            )
        } catch {
            throw error.during(.publish)
        }
    }

    /// Takes due tasks.
    public func claim(_ request: ClaimRequest) async throws(BellowsError) -> ClaimOutcome {
        do throws(BellowsError) {
            try request.validate()
            switch request.selection {
            case .id(let id): return try await operations.claim(id, of: request.name, lease: request.lease)
            case .singleton: return try await operations.claimSingleton(request.name, lease: request.lease)
            case .earliest(let count):
                let answers = try await batchers.executions.call(
                    [.claim(count: count, lease: request.lease, waits: request.wantsWakeUp)],
                    in: request.name,
                    count: 0,
                    mode: request.lease.millisecondsRoundedUp
                )
                guard case .claim(let result) = answers.first else { throw RedisReply.unexpected(from: .claim) }
                return try result.get()
            }
        } catch {
            throw error.during(.claim)
        }
    }

    /// Extends leases.
    public func renew(_ leases: [Lease], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        do throws(BellowsError) {
            try VerbLimits.check(leases.count, atMost: VerbLimits.renewedLeases)
            var outcomes = [LeaseOutcome](repeating: .leaseLost, count: leases.count)
            // One script call extends by one duration.
            for (key, places) in Dictionary(grouping: leases.indices, by: { LeaseGroup(leases[$0]) }) {
                let group = places.map { leases[$0] }
                let answers =
                    switch key.kind {
                    case .published: try await operations.renew(group, for: key.duration, in: name)
                    case .singleton: try await singletons(group) { .renew($0.duration) }
                    }
                for (place, answer) in zip(places, answers) { outcomes[place] = answer }
            }
            return outcomes
        } catch {
            throw error.during(.renew)
        }
    }

    /// Ends attempts well.
    public func finish(_ requests: [FinishRequest], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        do throws(BellowsError) {
            try VerbLimits.check(requests.count, atMost: VerbLimits.reports)
            let date = timeSource.date
            let delays = try requests.map { request throws(BellowsError) in
                try request.nextRun?.milliseconds(from: date)
            }
            if requests.first?.lease.kind == .singleton {
                let nextRuns = delays.map { $0 ?? SingletonOperation.pause }
                return try await singletons(requests.map(\.lease)) { [nextRuns] _, index in
                    .finish(next: nextRuns[index])
                }
            }
            var bytes = 0
            let items = requests.indices.map { index in
                let item = LeaseItem(requests[index], nextRun: delays[index])
                bytes += item.byteCount
                return FinishOrClaim.finish(item)
            }
            let answers = try await batchers.executions.call(items, in: name, bytes: bytes)
            return answers.map { if case .finish(let outcome) = $0 { outcome } else { .leaseLost } }
        } catch {
            throw error.during(.finish)
        }
    }

    /// Ends failed attempts.
    public func fail(_ requests: [FailRequest], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        do throws(BellowsError) {
            try VerbLimits.check(requests.count, atMost: VerbLimits.reports)
            let date = timeSource.date
            let delays = try requests.map { request throws(BellowsError) -> Int64? in
                switch request.disposition {
                case .retry(let availability): try availability.milliseconds(from: date)
                case .dead: nil
                }
            }
            let errors = requests.map { limits.truncated($0.error) }
            if requests.first?.lease.kind == .singleton {
                return try await singletons(requests.map(\.lease)) { _, index in
                    .fail(next: delays[index] ?? SingletonOperation.longestPause, error: errors[index])
                }
            }
            let items = requests.indices.map { LeaseItem(requests[$0], retry: delays[$0], error: errors[$0]) }
            return try await batchers.failures.call(items, in: name, bytes: items.reduce(0) { $0 + $1.byteCount })
        } catch {
            throw error.during(.fail)
        }
    }

    /// Gives tasks back unworked.
    public func release(
        _ leases: [Lease],
        in name: TaskName,
        after delay: Duration
    ) async throws(BellowsError) -> [LeaseOutcome] {
        do throws(BellowsError) {
            try VerbLimits.check(leases.count, atMost: VerbLimits.reports)
            let wait = try Availability.after(delay).milliseconds(from: timeSource.date)
            if leases.first?.kind == .singleton { return try await singletons(leases) { _ in .release(next: wait) } }
            let items = leases.map { LeaseItem(releasing: $0, after: wait) }
            return try await batchers.releases.call(items, in: name, mode: wait)
        } catch {
            throw error.during(.release)
        }
    }

    /// Looks for results.
    public func result(of queries: [ResultQuery], in name: TaskName) async throws(BellowsError) -> [ResultLookup] {
        do throws(BellowsError) {
            try VerbLimits.check(queries.count, atMost: VerbLimits.results)
            return try await batchers.results.call(queries, in: name)
        } catch {
            throw error.during(.result)
        }
    }

    /// Listens for signals. The first call opens the second connection.
    public func subscribe(to topics: [SignalTopic]) async throws(BellowsError) -> SignalSubscription {
        do throws(BellowsError) {
            return try listener.subscribe(to: topics)
        } catch {
            throw error.during(.subscribe)
        }
    }

    /// Wakes another process that waits.
    public func forwardWakeUp(for name: TaskName) async throws(BellowsError) {
        do throws(BellowsError) {
            try await listener.forwardWakeUp(for: name)
        } catch {
            throw error.during(.forwardWakeUp)
        }
    }

    private func singletons(
        _ leases: [Lease],
        _ operation: (Lease, Int) -> SingletonOperation
    ) async throws(BellowsError) -> [LeaseOutcome] {
        var outcomes: [LeaseOutcome] = []
        for (index, lease) in leases.enumerated() {
            outcomes.append(try await operations.singleton(operation(lease, index), lease))
        }
        return outcomes
    }

    private func singletons(
        _ leases: [Lease],
        _ operation: (Lease) -> SingletonOperation
    ) async throws(BellowsError) -> [LeaseOutcome] {
        try await singletons(leases) { lease, _ in operation(lease) }
    }
}

/// What leases that are renewed together have in common.
private struct LeaseGroup: Hashable {
    let kind: TaskKind
    let duration: Duration

    init(_ lease: Lease) {
        kind = lease.kind
        duration = lease.duration
    }
}
