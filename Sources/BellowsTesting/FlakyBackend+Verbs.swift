public import Bellows

extension FlakyBackend {
    /// Stores tasks, unless told to fail.
    public func publish(_ requests: [PublishRequest], to name: TaskName) async throws -> [PublishedTask] {
        try await call(.publish) { try await wrapped.publish(requests, to: name) }
    }

    /// Takes tasks, unless told to fail.
    public func claim(_ request: ClaimRequest) async throws -> ClaimOutcome {
        try await call(.claim) { try await wrapped.claim(request) }
    }

    /// Extends leases, unless told to fail.
    public func renew(_ leases: [Lease], in name: TaskName) async throws -> [LeaseOutcome] {
        try await call(.renew) { try await wrapped.renew(leases, in: name) }
    }

    /// Ends attempts well, unless told to fail.
    public func finish(_ requests: [FinishRequest], in name: TaskName) async throws -> [LeaseOutcome] {
        try await call(.finish) { try await wrapped.finish(requests, in: name) }
    }

    /// Ends attempts badly, unless told to fail.
    public func fail(_ requests: [FailRequest], in name: TaskName) async throws -> [LeaseOutcome] {
        try await call(.fail) { try await wrapped.fail(requests, in: name) }
    }

    /// Gives tasks back, unless told to fail.
    public func release(_ leases: [Lease], in name: TaskName) async throws -> [LeaseOutcome] {
        try await call(.release) { try await wrapped.release(leases, in: name) }
    }

    /// Looks for results, unless told to fail.
    public func result(of queries: [ResultQuery], in name: TaskName) async throws -> [ResultLookup] {
        try await call(.result) { try await wrapped.result(of: queries, in: name) }
    }
}
