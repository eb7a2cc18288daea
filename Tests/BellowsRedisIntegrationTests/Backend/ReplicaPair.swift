import RedisFixture

/// A primary and its replica, which is in step with it.
struct ReplicaPair {
    let primary: RedisServer
    let replica: RedisServer

    init() async throws {
        primary = try RedisServer.start(arguments: ["--repl-diskless-sync-delay", "0"])
        replica = try RedisServer.start(arguments: ["--replicaof", "127.0.0.1", "\(primary.port)"])
        let probe = try RedisProbe(port: primary.port)
        try await FixtureWait.until("the replica is in step") { try probe.command("WAIT", "1", "1000") == .integer(1) }
    }

    /// Ends both.
    func stop() {
        replica.stop()
        primary.stop()
    }
}
