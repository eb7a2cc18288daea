/// Processes one task of one definition. Each claimed task gets a worker of its own.
public protocol Worker<Definition>: Sendable {
    /// The definition whose tasks this worker processes.
    associatedtype Definition: TaskDefinition

    /// Processes the task.
    ///
    /// When the lease is lost, the dispatcher stops, or somebody cancels the task, the surrounding Swift task is cancelled,
    /// and ``TaskContext/cancellation`` says why. A worker should then return or throw soon; one that does not keeps its
    /// slot. A task may run more than once, so key effects outside by
    /// ``TaskContext/id``.
    ///
    /// - Parameters:
    ///   - input: the payload, or `Void` for a singleton.
    ///   - context: facts about this attempt.
    /// - Returns: done, or done with a next run.
    /// - Throws: ``TaskFailure`` to say what happens next; any other error goes through the retry policy.
    func process(
        _ input: Definition.Trigger.Input,
        context: TaskContext
    ) async throws -> TaskSuccess<Definition.Callback>
}
