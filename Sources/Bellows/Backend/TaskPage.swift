/// A part of a list of tasks.
public struct TaskPage: Hashable, Sendable {
    /// The tasks; there may be none though ``next`` says that there are more.
    public var tasks: [TaskSummary]
    /// Where to go on; nil if this was the last page.
    public var next: PageCursor?
    /// Whether tasks may have been passed over, because thousands of those before them were taken since the page
    /// before.
    public var isApproximate: Bool

    /// Makes a page.
    public init(tasks: [TaskSummary], next: PageCursor? = nil, isApproximate: Bool = false) {
        self.tasks = tasks
        self.next = next
        self.isApproximate = isApproximate
    }
}
