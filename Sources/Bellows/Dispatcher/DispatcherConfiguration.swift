/// How a dispatcher works.
public struct DispatcherConfiguration: Hashable, Sendable {
    /// The most tasks that run at once in this dispatcher; 16 by default, 1 to 1,000,000. It claims only what free
    /// slots can take.
    public var maximumConcurrentTasks: Int
    /// How long leases last; 20 seconds by default, renewed at one third.
    public var lease: LeasePolicy
    /// How long a drain waits for running tasks before it cancels and releases them; 10 seconds by default,
    /// at most a day. Zero cancels them at once.
    public var shutdownGrace: Duration

    /// Makes a configuration.
    ///
    /// - Parameters:
    ///   - maximumConcurrentTasks: the most tasks that run at once.
    ///   - lease: how long leases last.
    ///   - shutdownGrace: how long a drain waits for running tasks.
    public init(
        maximumConcurrentTasks: Int = 16,
        lease: LeasePolicy = LeasePolicy(),
        shutdownGrace: Duration = .seconds(10)
    ) {
        self.maximumConcurrentTasks = maximumConcurrentTasks
        self.lease = lease
        self.shutdownGrace = shutdownGrace
    }
}
