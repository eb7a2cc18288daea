/// How many tasks a dispatcher runs at once, how long it holds them, and how it stops.
public struct DispatcherConfiguration: Hashable, Sendable {
    /// The most tasks that run at once in this dispatcher, all its definitions together; 16 by default, 1 to 1,000,000.
    ///
    /// A dispatcher claims only what its free slots take, so other processes get the rest. Handlers that mostly wait,
    /// such as for a network, can have many; handlers that compute should have about as many as there are cores.
    public var maximumConcurrentTasks: Int
    /// How long leases last; 20 seconds by default, renewed after one third.
    public var lease: LeasePolicy
    /// How long a drain waits for running tasks; 10 seconds by default, at most a day.
    ///
    /// Then their handlers are cancelled, and half a second later the tasks are given back without charging the
    /// attempt. With zero they are cancelled at once. A supervisor should wait longer than this before it kills the
    /// process.
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
