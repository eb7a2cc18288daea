/// A question for the result of one task.
public struct ResultQuery: Hashable, Sendable {
    /// The task.
    public var id: TaskID
    /// The publish whose result is wanted; nil takes any run's.
    public var run: RunID?

    /// Makes a question.
    ///
    /// - Parameters:
    ///   - id: the task.
    ///   - run: the publish whose result is wanted.
    public init(id: TaskID, run: RunID? = nil) {
        self.id = id
        self.run = run
    }
}
