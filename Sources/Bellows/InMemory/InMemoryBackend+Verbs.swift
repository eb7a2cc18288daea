extension InMemoryBackend {
    /// Stores tasks and wakes subscribers.
    public func publish(_ requests: [PublishRequest], to name: TaskName) async throws(BellowsError) -> [PublishedTask] {
        do throws(BellowsError) {
            let delays = try PublishRequest.validate(requests, limits: limits, date: timeSource.date)
            for count in Set(requests.lazy.compactMap(\.partitionCount)) {
                try comparePartitionCount(TaskPartitions(unchecked: name.definition, count: count))
            }
            return step(name) { table, now, nonce in table.publish(requests, delays: delays, at: now, nonce: nonce) }
        } catch {
            throw error.during(.publish)
        }
    }

    /// Takes due tasks.
    public func claim(_ request: ClaimRequest) async throws(BellowsError) -> ClaimOutcome {
        do throws(BellowsError) {
            try request.validate()
            return step(request.name) { table, now, nonce in table.claim(request, at: now, nonce: nonce) }
        } catch {
            throw error.during(.claim)
        }
    }

    /// Extends leases.
    public func renew(_ leases: [Lease], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        do throws(BellowsError) {
            try VerbLimits.check(leases.count, atMost: VerbLimits.renewedLeases)
            return step(name) { table, now, _ in TaskTableAnswer(value: table.renew(leases, at: now)) }
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
            return step(name) { table, now, _ in table.finish(requests, delays: delays, at: now) }
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
            return step(name) { table, now, _ in table.fail(requests, delays: delays, at: now) }
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
            let milliseconds = try Availability.after(delay).milliseconds(from: timeSource.date)
            return step(name) { table, now, _ in table.release(leases, after: .milliseconds(milliseconds), at: now) }
        } catch {
            throw error.during(.release)
        }
    }

    /// Looks for results.
    public func result(of queries: [ResultQuery], in name: TaskName) async throws(BellowsError) -> [ResultLookup] {
        do throws(BellowsError) {
            try VerbLimits.check(queries.count, atMost: VerbLimits.results)
            return step(name) { table, now, _ in TaskTableAnswer(value: table.result(of: queries, at: now)) }
        } catch {
            throw error.during(.result)
        }
    }
}
