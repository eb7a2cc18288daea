/// An optional capability: changing what is stored.
public protocol BackendManaging: Backend {
    /// Cancels tasks. What waits ends at once, and so does what has lost its holder; whoever holds what runs is asked to
    /// stop. A singleton cannot be cancelled.
    ///
    /// An implementer owes:
    /// - the reason stored as the result for at least a minute, and announced to whoever waits for it;
    /// - ``BackendSignal/cancellation(_:)`` to the process that holds a running task, and
    ///   ``LeaseOutcome/cancellationRequested(reason:)`` to the next renewal of its lease;
    /// - from then on, that this attempt is the last one: if it is reported as failed or given back, or its lease ends, the
    ///   task ends as cancelled; if it ends well it is finished, and sets no next run;
    /// - nothing for any other attempt, nor for a task that gets the id later. A repetition of the same call changes
    ///   nothing.
    ///
    /// - Parameters:
    ///   - ids: at most ``VerbLimits/changedTasks``.
    ///   - name: their definition, or a part of one.
    ///   - reason: who cancels them and why; at most ``VerbLimits/reasonBytes``. Of several the first one stands.
    /// - Returns: one outcome for each id, in their order.
    /// - Throws: ``BellowsError``; with ``BellowsError/Code/invalidInput`` for a reason that is too long and for
    ///   ``TaskID/singleton``, and then nothing was changed.
    func cancel(_ ids: [TaskID], in name: TaskName, reason: String) async throws(BellowsError) -> [CancelOutcome]

    /// Moves tasks that wait, retries among them, to another time. What becomes due at once is handed out by turns with what
    /// waits in line.
    ///
    /// An implementer owes: the same for workers that wait as a publish with that availability. A repetition of the same
    /// call changes nothing.
    ///
    /// - Parameters:
    ///   - ids: at most ``VerbLimits/changedTasks``.
    ///   - name: their definition, or a part of one.
    ///   - availability: when they are due.
    /// - Returns: one outcome for each id, in their order.
    /// - Throws: ``BellowsError``; with ``BellowsError/Code/invalidInput`` for a time that is too far away, and for
    ///   ``TaskID/singleton``.
    func reschedule(
        _ ids: [TaskID],
        in name: TaskName,
        to availability: Availability
    ) async throws(BellowsError) -> [ChangeOutcome]

    /// Replaces the record of a task that waits: its payload, its headers, its retry policy.
    ///
    /// An implementer owes: the comparison and the write in one step.
    ///
    /// - Parameters:
    ///   - id: the task.
    ///   - name: its definition, or a part of one.
    ///   - record: what is stored from then on.
    ///   - digest: of the record that the caller has read, from ``TaskInspection/digest``.
    /// - Throws: ``BellowsError``; with ``BellowsError/Code/tooLarge`` for a payload or headers over ``TaskLimits``.
    func update(
        _ id: TaskID,
        in name: TaskName,
        to record: TaskRecord,
        from digest: RecordDigest
    ) async throws(BellowsError) -> ChangeOutcome

    /// Puts dead letters back to be tried again, with a fresh count of attempts.
    ///
    /// - Parameters:
    ///   - ids: at most ``VerbLimits/changedTasks`` dead letters.
    ///   - name: their definition.
    /// - Returns: for each id whether there was such a dead letter.
    /// - Throws: ``BellowsError``.
    func retryDeadLetters(_ ids: [TaskID], of name: TaskName) async throws(BellowsError) -> [Bool]

    /// Deletes dead letters for good.
    ///
    /// - Parameters:
    ///   - ids: at most ``VerbLimits/changedTasks`` dead letters.
    ///   - name: their definition.
    /// - Returns: for each id whether there was such a dead letter.
    /// - Throws: ``BellowsError``.
    func deleteDeadLetters(_ ids: [TaskID], of name: TaskName) async throws(BellowsError) -> [Bool]
}
