/// What one step of a search has found.
public struct SearchPage: Hashable, Sendable {
    /// The tasks that were found; often none.
    public var tasks: [TaskSummary]
    /// Where to go on; nil if this was the last step.
    public var next: PageCursor?
    /// How many records this step has looked at.
    public var lookedAt: Int
    /// How many records there are in the places that this step looked through, for showing progress.
    public var total: Int

    /// Makes a step's answer.
    public init(tasks: [TaskSummary], next: PageCursor? = nil, lookedAt: Int, total: Int) {
        self.tasks = tasks
        self.next = next
        self.lookedAt = lookedAt
        self.total = total
    }
}
