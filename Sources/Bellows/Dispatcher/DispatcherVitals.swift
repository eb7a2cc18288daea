import Synchronization

/// How a dispatcher is doing, as far as its state machine knows.
struct DispatcherVitals: Equatable, Sendable {
    var phase = DispatcherHealth.Phase.stopped
    var runningTasks = 0
    var overrunningTasks = 0
    /// How often a task of a newer version was given back.
    var newerTasksGivenBack = 0
    var buriedTasks = 0
    var isPoolSilent = false
    /// Since when claims have been sent without one that was answered.
    var unansweredSince: MonotonicInstant?

    /// What others may look at while the dispatcher runs.
    final class HealthBoard: Sendable {
        private let vitals = Mutex(DispatcherVitals())

        var current: DispatcherVitals { vitals.withLock { $0 } }

        func put(_ new: DispatcherVitals) { vitals.withLock { $0 = new } }

        /// The run is over, however it ended; what it has done stays.
        func stop() { vitals.withLock { $0 = DispatcherVitals(buriedTasks: $0.buriedTasks) } }
    }
}
