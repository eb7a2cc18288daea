/// What a worker wants to take.
public struct ClaimRequest: Hashable, Sendable {
    /// Which tasks are asked for.
    @nonexhaustive
    public enum Selection: Hashable, Sendable {
        /// Up to this many of the tasks that are due, in the order that ``TaskExecutionBackend/claim(_:)`` promises.
        case earliest(Int)
        /// One task by its id, if it is due.
        case id(TaskID)
        /// The singleton of this name.
        case singleton
    }

    /// The definition.
    public var name: TaskName
    /// Which tasks are asked for.
    public var selection: Selection
    /// How long the lease lasts from the moment the store grants it.
    public var lease: Duration
    /// Whether the caller listens for signals of the definition, and wants to be woken when there is more than the
    /// claim brings. Default false. It concerns ``Selection/earliest(_:)`` only, and backends that wake one process at
    /// a time.
    public var wantsWakeUp: Bool

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - name: the definition.
    ///   - selection: which tasks.
    ///   - lease: how long the lease lasts.
    ///   - wantsWakeUp: whether the caller wants to be woken when there is more.
    public init(name: TaskName, selection: Selection, lease: Duration, wantsWakeUp: Bool = false) {
        self.name = name
        self.selection = selection
        self.lease = lease
        self.wantsWakeUp = wantsWakeUp
    }

    /// Checks the request before anything is sent. Every backend calls this first.
    ///
    /// - Throws: ``BellowsError`` with the code `invalidInput` for a lease, `tooLarge` for a number of tasks.
    public func validate() throws(BellowsError) {
        try LeasePolicy.validate(lease)
        if case .earliest(let count) = selection, !(1...VerbLimits.claimedTasks).contains(count) {
            throw .tooManyItems(count: count, limit: VerbLimits.claimedTasks)
        }
    }
}
