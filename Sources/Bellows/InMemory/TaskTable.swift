/// All rules of the registry for one definition, as a plain value: the model of what the scripts do in Redis.
///
/// It knows no clock, lock or task of Swift's. Time and nonces come in as arguments, signals go out as values.
struct TaskTable: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// How many dead letters are kept.
    static let maximumDeadLetters = VerbLimits.keptDeadLetters
    /// How long dead letters are kept.
    static let deadLetterRetention = VerbLimits.deadLetterRetention
    /// At how many bytes of payload a claim stops handing out more.
    static let claimBudget = VerbLimits.callBytes

    let name: TaskName
    let limits: TaskLimits

    /// Every task that is ready, delayed or leased. One that is in none of the queues below it does not exist.
    var entries: [TaskID: TaskEntry] = [:]
    /// Immediate tasks, by the number of their publish.
    var ready = KeyedQueue<UInt64>()
    /// Delayed tasks, retries, released tasks and next runs, by their due time.
    var delayed = KeyedQueue<Instant>()
    /// Leased tasks, by the end of their lease.
    var leases = KeyedQueue<Instant>()
    /// Leased tasks whose holders were asked to stop.
    var stopping: Set<TaskID> = []
    var singleton: SingletonSlot?
    /// Set while the definition is closed.
    var door: Door?

    var results = ExpiringMap<StoredResult>()
    /// Ids given by callers that have finished.
    var tombstones = ExpiringMap<Void>()
    var dead: [TaskID: DeadEntry] = [:]
    /// Dead letters by their time of death.
    var deaths = KeyedQueue<Instant>()

    var finishedTotal = 0
    var failedAttemptsTotal = 0
    /// Dead letters that were removed for their bounds.
    var trimmedTotal = 0
    var cancelledTotal = 0
    /// The number that the last claim got.
    var lastFence: Int64 = 0
    var lastPublish: UInt64 = 0
    /// Whether it is the turn of the delayed tasks, where immediate ones wait too.
    var isTurnOfDelayed = false

    init(name: TaskName, limits: TaskLimits) {
        self.name = name
        self.limits = limits
    }

    /// Forgets what has outlived its time. Every verb begins with it.
    mutating func removeExpired(at now: Instant) {
        results.removeExpired(at: now)
        tombstones.removeExpired(at: now)
        while let (id, death) = deaths.first(),
            deaths.count > Self.maximumDeadLetters || death + Self.deadLetterRetention <= now
        {
            removeDead(id)
            trimmedTotal += 1
        }
    }

    /// When a delayed task becomes due or a lease ends, the earliest of them.
    mutating func nextInstant() -> Instant? {
        [delayed.first()?.key, leases.first()?.key].compactMap(\.self).min()
    }

    /// The hint that something is due after a delay.
    func wake(after delay: Duration) -> BackendSignal {
        delay <= .zero ? .available(name) : .due(name, in: delay)
    }

    /// Forgets a dead letter.
    @discardableResult
    mutating func removeDead(_ id: TaskID) -> DeadEntry? {
        deaths.remove(id)
        return dead.removeValue(forKey: id)
    }
}
