/// How safe a task has to be before its publish returns.
@nonexhaustive
public enum PublishDurability: Hashable, Sendable {
    /// The store has acknowledged it. What that survives depends on the store's settings. The default.
    case acknowledged
    /// So many replicas have it too, or the time is up: then the answer says so, and the task is stored all the same.
    ///
    /// - Parameters:
    ///   - to: how many replicas, 1 to 100.
    ///   - within: how long to wait for them, a millisecond to an hour.
    case replicated(to: Int, within: Duration = .seconds(1))

    /// Checks the numbers.
    func validate() throws(BellowsError) {
        guard case .replicated(let count, let time) = self else { return }
        guard (1...100).contains(count), time >= .milliseconds(1), time <= .seconds(3600) else {
            throw .durability("\(count) replicas within \(time)")
        }
    }
}
