/// An optional capability: looking into the store, and operating the dead letters.
public protocol BackendInspecting: Backend {
    /// Finds the definitions that have any data in the store. For operators: it may read many keys.
    ///
    /// - Returns: the names, sorted.
    /// - Throws: ``BellowsError``.
    func definitionNames() async throws(BellowsError) -> [TaskName]

    /// Counts the tasks of a definition.
    ///
    /// - Parameter name: the definition; one without data has all counts at zero.
    /// - Throws: ``BellowsError``.
    func statistics(of name: TaskName) async throws(BellowsError) -> TaskStatistics

    /// Tells where one task stands.
    ///
    /// - Parameters:
    ///   - id: the task, or ``TaskID/singleton``.
    ///   - name: its definition.
    /// - Returns: nil if the store knows no such task.
    /// - Throws: ``BellowsError``.
    func inspect(_ id: TaskID, in name: TaskName) async throws(BellowsError) -> TaskInspection?

    /// Lists dead letters, the latest first.
    ///
    /// - Parameters:
    ///   - name: the definition.
    ///   - offset: how many to pass over.
    ///   - limit: how many to list, at most ``VerbLimits/listedDeadLetters``.
    /// - Throws: ``BellowsError``.
    func deadLetters(of name: TaskName, offset: Int, limit: Int) async throws(BellowsError) -> [DeadLetter]

    /// Puts dead letters back to be tried again, with a fresh count of attempts.
    ///
    /// - Parameters:
    ///   - ids: at most ``VerbLimits/changedDeadLetters`` dead letters.
    ///   - name: their definition.
    /// - Returns: for each id whether there was such a dead letter.
    /// - Throws: ``BellowsError``.
    func retryDeadLetters(_ ids: [TaskID], of name: TaskName) async throws(BellowsError) -> [Bool]

    /// Deletes dead letters for good.
    ///
    /// - Parameters:
    ///   - ids: at most ``VerbLimits/changedDeadLetters`` dead letters.
    ///   - name: their definition.
    /// - Returns: for each id whether there was such a dead letter.
    /// - Throws: ``BellowsError``.
    func deleteDeadLetters(_ ids: [TaskID], of name: TaskName) async throws(BellowsError) -> [Bool]
}
