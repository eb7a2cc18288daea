/// How a dispatcher is doing: what a load balancer or an orchestrator wants to know of a worker.
public struct DispatcherHealth: Hashable, Sendable {
    /// Where it is in its life.
    @nonexhaustive
    public enum Phase: String, Sendable {
        /// It does not run.
        case stopped
        /// It runs, and no claim has been answered yet.
        case starting
        /// It claims.
        case running
        /// It claims no more, and brings what runs to an end.
        case draining
    }

    /// Where it is in its life.
    public let phase: Phase
    /// How many handlers run.
    public let runningTasks: Int
    /// How many of them keep running although they were cancelled more than five seconds ago, because the lease is lost or
    /// somebody has cancelled the task. They hold a slot; where the lease is lost, the task may run elsewhere meanwhile.
    public let overrunningTasks: Int
    /// How often a claimed task was given back since the run began, because a newer version of Bellows wrote it. If
    /// this grows, workers of the newer version are missing; the tasks wait for them.
    public let newerTasksGivenBack: Int
    /// How many tasks it has moved to the dead letters since it began.
    public let buriedTasks: Int
    /// Whether Swift's pool of threads, on which handlers run, has given no sign of life for a lease (five seconds, if
    /// that is longer) although handlers do not hold it. Something else in the process blocks it. Leases are not
    /// renewed and nothing is claimed then, so that other workers get the tasks.
    public let isPoolSilent: Bool
    /// For how long claims have been sent without one that was answered; nil if the last one was, or none is needed.
    public let claimsUnansweredFor: Duration?
    /// For how long signals of the backend have not been coming through; nil if they do, or the backend cannot tell.
    public let signalsMissingFor: Duration?

    /// What takes longer than this is no hiccup: 10 seconds, in which a backend reconnects several times.
    public static let patience = Duration.seconds(10)

    /// Whether the process can do its work; one that cannot should be restarted.
    public var isLive: Bool { !isPoolSilent }

    /// Whether it makes progress: it is live, it runs, its claims are answered, and signals come through. Whether all
    /// its slots are taken does not matter.
    public var isReady: Bool {
        isLive && phase == .running && (claimsUnansweredFor ?? .zero) < Self.patience
            && (signalsMissingFor ?? .zero) < Self.patience
    }

    init(_ vitals: DispatcherVitals, now: MonotonicInstant, signalsMissingFor: Duration?) {
        phase = vitals.phase
        runningTasks = vitals.runningTasks
        overrunningTasks = vitals.overrunningTasks
        newerTasksGivenBack = vitals.newerTasksGivenBack
        buriedTasks = vitals.buriedTasks
        isPoolSilent = vitals.isPoolSilent
        claimsUnansweredFor = vitals.unansweredSince.map { now - $0 }
        self.signalsMissingFor = signalsMissingFor
    }
}
