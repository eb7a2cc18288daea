/// An optional capability: looking into the store, and operating the dead requests.
public protocol BackendInspecting: Backend {
    /// Finds the definitions that have any data in the store. For operators: it may read many keys.
    ///
    /// - Returns: the names, sorted.
    /// - Throws: ``BackendError``.
    func definitionNames() async throws -> [TaskName]

    /// Counts the tasks of a definition.
    ///
    /// - Parameter name: the definition; one without data has all counts at zero.
    /// - Throws: ``BackendError``.
    func statistics(of name: TaskName) async throws -> TaskStatistics

    /// Tells where one task stands.
    ///
    /// - Parameters:
    ///   - id: the task, or ``TaskID/singleton``.
    ///   - name: its definition.
    /// - Returns: nil if the store knows no such task.
    /// - Throws: ``BackendError``.
    func inspect(_ id: TaskID, in name: TaskName) async throws -> TaskInspection?

    /// Lists dead requests, the latest first.
    ///
    /// - Parameters:
    ///   - name: the definition.
    ///   - offset: how many to pass over.
    ///   - limit: how many to list, at most 1,000.
    /// - Throws: ``BackendError``.
    func deadLetters(of name: TaskName, offset: Int, limit: Int) async throws -> [DeadLetter]

    /// Puts dead requests back to be tried again, with a fresh count of attempts.
    ///
    /// - Parameters:
    ///   - ids: at most 100 dead requests.
    ///   - name: their definition.
    /// - Returns: for each id whether there was such a dead letter.
    /// - Throws: ``BackendError``.
    func retryDeadLetters(_ ids: [TaskID], of name: TaskName) async throws -> [Bool]

    /// Deletes dead requests for good.
    ///
    /// - Parameters:
    ///   - ids: at most 100 dead requests.
    ///   - name: their definition.
    /// - Returns: for each id whether there was such a dead letter.
    /// - Throws: ``BackendError``.
    func deleteDeadLetters(_ ids: [TaskID], of name: TaskName) async throws -> [Bool]
}
