/// An optional capability: looking into the store.
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

    /// Tells where tasks stand.
    ///
    /// - Parameters:
    ///   - ids: the tasks, ``TaskID/singleton`` among them; at most ``VerbLimits/inspectedTasks``.
    ///   - name: their definition.
    ///   - withPayload: whether payloads are read too.
    /// - Returns: one answer for each id, in their order; nil if the store knows no such task.
    /// - Throws: ``BellowsError``.
    func inspect(
        _ ids: [TaskID],
        in name: TaskName,
        withPayload: Bool
    ) async throws(BellowsError) -> [TaskInspection?]

    /// Lists the tasks of one state in the order in which they will be handed out, leases by their ends, dead letters
    /// the latest first.
    ///
    /// An implementer owes: while nothing is taken or moved, all pages together have each task once. A task that stays
    /// where it is is in one of them whatever comes and goes meanwhile, unless a page says ``TaskPage/isApproximate``.
    ///
    /// - Parameters:
    ///   - state: one of ``TaskState/listed``.
    ///   - name: the definition.
    ///   - cursor: where to go on, from the page before; nil for the first page.
    ///   - limit: the most tasks of the page, 1 to ``VerbLimits/listedTasks``.
    /// - Throws: ``BellowsError``; with ``BellowsError/Code/invalidInput`` for another state, and for a cursor of
    ///   another list.
    func tasks(
        _ state: TaskState,
        of name: TaskName,
        after cursor: PageCursor?,
        limit: Int
    ) async throws(BellowsError) -> TaskPage

    /// Looks for tasks whose stored record holds some bytes: payload, names and values of headers. What a codec has
    /// compressed or encrypted is not found.
    ///
    /// An implementer owes: short steps, each of which goes on where the one before ended; first what waits or runs,
    /// then dead letters. A task that stays all the time is found, perhaps twice.
    ///
    /// - Parameters:
    ///   - bytes: 1 to ``VerbLimits/searchedBytes``.
    ///   - name: the definition.
    ///   - cursor: where to go on, from the step before; nil for the first step.
    /// - Throws: ``BellowsError``.
    func search(
        _ bytes: [UInt8],
        of name: TaskName,
        after cursor: PageCursor?
    ) async throws(BellowsError) -> SearchPage

    /// Lists dead letters, the latest first.
    ///
    /// - Parameters:
    ///   - name: the definition.
    ///   - offset: how many to pass over.
    ///   - limit: how many to list, at most ``VerbLimits/listedDeadLetters``.
    /// - Throws: ``BellowsError``.
    func deadLetters(of name: TaskName, offset: Int, limit: Int) async throws(BellowsError) -> [DeadLetter]
}

extension BackendInspecting {
    /// Tells where one task stands, without its payload.
    ///
    /// - Parameters:
    ///   - id: the task, or ``TaskID/singleton``.
    ///   - name: its definition.
    /// - Returns: nil if the store knows no such task.
    /// - Throws: ``BellowsError``.
    public func inspect(_ id: TaskID, in name: TaskName) async throws(BellowsError) -> TaskInspection? {
        try await inspect([id], in: name, withPayload: false).first ?? nil
    }
}
