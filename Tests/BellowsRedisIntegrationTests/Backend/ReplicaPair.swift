import RedisFixture

/// A primary and its replica, which is in step with it.
struct ReplicaPair {
    let primary: RedisServer
    let replica: RedisServer

    init() async throws {
        primary = try RedisServer.start(arguments: ["--repl-diskless-sync-delay", "0"])
        replica = try RedisServer.start(arguments: ["--replicaof", "127.0.0.1", "\(primary.port)"])
        let probe = try RedisProbe(port: primary.port)
        try await until("the replica is in step") { try probe.command("WAIT", "1", "1000") == .integer(1) }
    }

    /// Ends both.
    func stop() {
        replica.stop()
        primary.stop()
    }

    /// Waits until something is true, as long as a slow machine may need, and leaves its thread to others meanwhile.
    func until(_ what: String, _ isTrue: () throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try !isTrue() {
            guard ContinuousClock.now < deadline else { throw FixtureFailure("not in time: \(what)") }
            await Task.yield()
        }
    }
}
