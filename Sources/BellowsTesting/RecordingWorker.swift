public import Bellows

/// A worker that records each attempt and answers with a closure.
public struct RecordingWorker<Definition: TaskDefinition>: Worker {
    /// One attempt.
    public struct Run: Sendable {
        /// The task.
        public let id: TaskID
        /// Which attempt it was.
        public let attempt: Int
        /// The payload.
        public let input: Definition.Trigger.Input
    }

    private let probe: EventProbe<Run>
    private let respond: @Sendable (Run) async throws -> TaskSuccess<Definition.Callback>

    /// Makes a worker.
    ///
    /// - Parameters:
    ///   - probe: where attempts are recorded.
    ///   - respond: ends the attempt.
    public init(
        _ probe: EventProbe<Run>,
        respond: @escaping @Sendable (Run) async throws -> TaskSuccess<Definition.Callback>
    ) {
        self.probe = probe
        self.respond = respond
    }

    /// Records the attempt, then ends it as the closure says.
    public func process(
        _ input: Definition.Trigger.Input,
        context: TaskContext
    ) async throws -> TaskSuccess<Definition.Callback> {
        let run = Run(id: context.id, attempt: context.attempt, input: input)
        probe.record(run)
        return try await respond(run)
    }
}
