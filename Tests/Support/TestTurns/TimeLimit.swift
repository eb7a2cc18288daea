import BellowsTesting
import Foundation
import Synchronization
import Testing

/// Ends tests that take too long.
enum TimeLimit {
    /// How long a test that was cancelled may go on, on an idle machine.
    private static let grace = Duration.seconds(60)

    /// Runs the body. When its time is up, that is an issue, and the body is cancelled; one that goes on all the same ends
    /// the process, because such a run would have no end.
    static func run(
        _ name: String,
        within limit: Duration,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let end = End()
        defer { end.come() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: limit)
                Issue.record("\(name) is not over after \(limit)")
                end.expect(within: MachineLoad.stretched(grace), of: name)
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Whether a test has ended.
    private final class End: Sendable {
        private let hasCome = Atomic(false)

        func come() {
            hasCome.store(true, ordering: .releasing)
        }

        func expect(within time: Duration, of name: String) {
            Thread.detachNewThread { [self] in
                Thread.sleep(forTimeInterval: time / .seconds(1))
                guard !hasCome.load(ordering: .acquiring) else { return }
                RunWatch.end("\(name) was cancelled \(time) ago and goes on")
            }
        }
    }
}
