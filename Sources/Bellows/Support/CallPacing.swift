/// How many calls about tasks may be under way at once, and how large the next one has to be. Knows no clock.
///
/// Behind two calls tasks gather, so that calls get larger as soon as it pays. A call that is half as large as all those
/// under way goes out beside them: then answers take long, and gathering more would only leave the store without work.
package struct CallPacing: Sendable {
    /// Calls of any size that may be under way at once.
    package static let maximumCalls = 2
    /// The same for large ones.
    package static let maximumLargeCalls = 12
    /// The fewest tasks of a large call.
    package static let largeCount = 8

    private var calls = 0
    private var tasks = 0

    package init() {}

    /// Whether no call is under way.
    package var isIdle: Bool { calls == 0 }

    /// How many tasks the next call has to be about; nil if none may go before another one has ended.
    package var tasksNeeded: Int? {
        if calls < Self.maximumCalls { return 0 }
        return calls < Self.maximumLargeCalls ? max(Self.largeCount, tasks / 2) : nil
    }

    /// Whether a call may go while so many tasks wait.
    package func mayBegin(waiting: Int) -> Bool {
        tasksNeeded.map { waiting >= $0 } ?? false
    }

    /// A call about so many tasks goes out.
    package mutating func began(_ count: Int) {
        calls += 1
        tasks += count
    }

    /// A call about so many tasks has ended.
    package mutating func ended(_ count: Int) {
        calls -= 1
        tasks -= count
    }
}
