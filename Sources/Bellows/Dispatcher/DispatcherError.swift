/// A dispatcher that cannot start as it was made.
public enum DispatcherError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Two handlers have the same definition.
    case duplicateHandler(String)
    /// There is no handler at all.
    case noHandlers
    /// ``DispatcherConfiguration/maximumConcurrentTasks`` is not between 1 and a million.
    case maximumConcurrentTasks(Int)
    /// `run()` was called while the dispatcher runs.
    case alreadyRunning

    /// What is wrong, in one line.
    public var description: String {
        switch self {
        case .duplicateHandler(let name): "two handlers are registered for the definition \(name)"
        case .noHandlers: "a dispatcher needs at least one handler"
        case .maximumConcurrentTasks(let count): "a dispatcher runs 1 to 1000000 tasks at once, not \(count)"
        case .alreadyRunning: "the dispatcher runs already"
        }
    }
}
