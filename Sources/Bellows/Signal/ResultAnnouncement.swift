/// What a signal says of a stored result.
///
/// It stands in this floor and not with the verbs because it travels with signals; what it brings is the same that
/// ``Backend/result(of:in:)`` would answer.
public struct ResultAnnouncement: Hashable, Sendable {
    /// The task.
    public var id: TaskID
    /// Its definition.
    public var name: TaskName
    /// The publish that the result is of; nil if nobody knows, then it answers for any.
    public var run: RunID?
    /// The result, if it is small enough to travel with its announcement; nil, the default, if the store has to be asked.
    public var lookup: ResultLookup?

    /// Makes an announcement; for backends.
    ///
    /// - Parameters:
    ///   - id: the task.
    ///   - name: its definition.
    ///   - run: the publish that the result is of.
    ///   - lookup: the result, if it is known.
    public init(id: TaskID, of name: TaskName, run: RunID? = nil, lookup: ResultLookup? = nil) {
        self.id = id
        self.name = name
        self.run = run
        self.lookup = lookup
    }

    /// The answer for one publish; nil if the store has to be asked.
    ///
    /// - Parameter run: the publish whose result is wanted; nil takes any run's.
    public func answer(forRun run: RunID?) -> ResultLookup? {
        guard self.run == nil || run == nil || self.run == run else { return nil }
        return lookup
    }
}
