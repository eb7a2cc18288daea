import BellowsTesting
public import Testing

/// Lets only so many tests of this process run at the same time as the machine can carry, each with a time limit of its
/// own that begins with its turn. Give it to every suite whose tests wait for anything: Swift Testing itself starts all
/// tests at once, and then a call takes as long as all of them together.
public struct Turn: TestTrait, SuiteTrait, TestScoping {
    /// How long a test may take on an idle machine, once it is its turn. Sound ones take seconds.
    static let limit = Duration.seconds(180)

    private let gate: TurnGate

    /// A suite hands it to its tests.
    public let isRecursive = true

    fileprivate init(_ gate: TurnGate) {
        self.gate = gate
    }

    /// Waits for the test's turn, and runs it.
    public func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        RunWatch.begin()
        try await withoutActuallyEscaping(function) { function in
            try await gate.pass {
                try await TimeLimit.run(test.name, within: MachineLoad.stretched(Self.limit)) {
                    try await withTaskExecutorPreference(TestThreads.shared) { try await function() }
                }
            }
        }
    }
}

extension Trait where Self == Turn {
    /// A few tests at the same time.
    public static var turn: Turn { Turn(.common) }
    /// One test at a time of all that start clusters or Sentinels.
    public static var clusterTurn: Turn { Turn(.clusters) }
}
