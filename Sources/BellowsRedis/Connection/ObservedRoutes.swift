import Synchronization

/// Routes that report when they drop a connection because its server was the wrong one.
final class ObservedRoutes: CommandRoutes {
    private let routes: any CommandRoutes
    private let onReset: @Sendable (String) -> Void
    private let redirects = Atomic(0)

    /// Observes a way.
    ///
    /// - Parameters:
    ///   - routes: the way.
    ///   - onReset: gets the reason when a connection is dropped because its server was the wrong one.
    init(_ routes: any CommandRoutes, onReset: @escaping @Sendable (String) -> Void = { _ in }) {
        self.routes = routes
        self.onReset = onReset
    }

    /// Whether a cluster has sent a command elsewhere.
    var wasRedirected: Bool { redirects.load(ordering: .relaxed) > 0 }
    var followsRedirects: Bool { routes.followsRedirects }
    var everywhere: [CommandTarget] { routes.everywhere }

    func note(_ redirect: ClusterRedirect) {
        redirects.add(1, ordering: .relaxed)
        routes.note(redirect)
    }

    func submit(
        _ command: RedisCommand,
        to target: CommandTarget,
        deadline: ContinuousClock.Instant,
        _ completion: @escaping PendingCommand.Completion
    ) {
        routes.submit(command, to: target, deadline: deadline, completion)
    }

    func isIdle(for key: String) -> Bool { routes.isIdle(for: key) }
    func connection(for key: String) -> RedisConnection? { routes.connection(for: key) }

    func reset(_ target: CommandTarget, _ reason: String) {
        routes.reset(target, reason)
        onReset(reason)
    }

    func reconnectNow(_ reason: String) { routes.reconnectNow(reason) }
    func close() { routes.close() }
}
