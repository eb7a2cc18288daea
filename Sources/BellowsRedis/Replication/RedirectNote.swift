import Synchronization

/// The way of the commands of one call, which remembers whether a cluster has sent it elsewhere.
final class RedirectNote: CommandRoutes {
    private let routes: any CommandRoutes
    private let redirects = Atomic(0)

    init(_ routes: any CommandRoutes) {
        self.routes = routes
    }

    /// Whether it was sent elsewhere.
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
    func reset(_ target: CommandTarget, _ reason: String) { routes.reset(target, reason) }
    func hurry(_ reason: String) { routes.hurry(reason) }
    func close() { routes.close() }
}
