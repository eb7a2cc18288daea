/// What a worker wants to take.
public struct ClaimRequest: Hashable, Sendable {
    /// Which tasks are asked for.
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

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - name: the definition.
    ///   - selection: which tasks.
    ///   - lease: how long the lease lasts.
    public init(name: TaskName, selection: Selection, lease: Duration) {
        self.name = name
        self.selection = selection
        self.lease = lease
    }

    /// The most tasks that one claim hands out.
    public static let maximumCount = 100

    /// Checks the request before anything is sent. Every backend calls this first.
    ///
    /// - Throws: ``InvalidTaskError/lease(_:)`` or ``InvalidTaskError/tooManyItems(count:limit:)``.
    public func validate() throws(InvalidTaskError) {
        try LeasePolicy.validate(lease)
        if case .earliest(let count) = selection, !(1...Self.maximumCount).contains(count) {
            throw .tooManyItems(count: count, limit: Self.maximumCount)
        }
    }
}
