public import Bellows

extension FlakyBackend {
    /// Stores tasks, unless the call is made to fail.
    public func publish(_ requests: [PublishRequest], to name: TaskName) async throws(BellowsError) -> [PublishedTask] {
        try await call(.publish) { () async throws(BellowsError) in
            try await wrapped.publish(requests, to: name)
        }
    }

    /// Takes tasks, unless the call is made to fail.
    public func claim(_ request: ClaimRequest) async throws(BellowsError) -> ClaimOutcome {
        try await call(.claim) { () async throws(BellowsError) in
            try await wrapped.claim(request)
        }
    }

    /// Extends leases, unless the call is made to fail.
    public func renew(_ leases: [Lease], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        try await call(.renew) { () async throws(BellowsError) in
            try await wrapped.renew(leases, in: name)
        }
    }

    /// Ends attempts well, unless the call is made to fail.
    public func finish(_ requests: [FinishRequest], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        try await call(.finish) { () async throws(BellowsError) in
            try await wrapped.finish(requests, in: name)
        }
    }

    /// Ends failed attempts, unless the call is made to fail.
    public func fail(_ requests: [FailRequest], in name: TaskName) async throws(BellowsError) -> [LeaseOutcome] {
        try await call(.fail) { () async throws(BellowsError) in
            try await wrapped.fail(requests, in: name)
        }
    }

    /// Gives tasks back, unless the call is made to fail.
    public func release(
        _ leases: [Lease],
        in name: TaskName,
        after delay: Duration
    ) async throws(BellowsError) -> [LeaseOutcome] {
        try await call(.release) { () async throws(BellowsError) in
            try await wrapped.release(leases, in: name, after: delay)
        }
    }

    /// Looks for results, unless the call is made to fail.
    public func result(of queries: [ResultQuery], in name: TaskName) async throws(BellowsError) -> [ResultLookup] {
        try await call(.result) { () async throws(BellowsError) in
            try await wrapped.result(of: queries, in: name)
        }
    }
}
