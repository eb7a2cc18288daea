/// What the people who run a backend ask it: the one value that knows parts of definitions, pages of lists, and what a
/// backend cannot do.
///
/// ```swift
/// let fleet = Fleet(backend)
/// let page = try await fleet.tasks([.dead], of: TaskPartitions(TaskName("thumbnails"), count: 1))
/// for task in page.tasks { print(task.id, task.lastError ?? "") }
/// ```
public struct Fleet: Sendable {
    private let backend: any Backend

    /// Looks at a backend. Nothing is sent.
    ///
    /// - Parameter backend: what is run. A method that needs a capability which it lacks throws
    ///   ``BellowsError/Code/unsupported``.
    public init(_ backend: any Backend) {
        self.backend = backend
    }

    /// Finds the definitions, or parts of definitions, that have any data. It may read many keys.
    ///
    /// - Returns: the names, sorted.
    /// - Throws: ``BellowsError``.
    public func definitionNames() async throws(BellowsError) -> [TaskName] {
        try await inspecting.definitionNames()
    }

    /// Counts the tasks of a definition, all parts together.
    ///
    /// - Parameter definition: the definition and its parts.
    /// - Throws: ``BellowsError``.
    public func statistics(of definition: TaskPartitions) async throws(BellowsError) -> TaskStatistics {
        var sum = TaskStatistics()
        for name in definition.names { sum += try await inspecting.statistics(of: name) }
        return sum
    }

    /// Tells where a task stands.
    ///
    /// - Parameters:
    ///   - id: the task, or ``TaskID/singleton``.
    ///   - definition: its definition and the parts of it.
    ///   - withPayload: whether the payload is read too.
    /// - Returns: nil if the store knows no such task.
    /// - Throws: ``BellowsError``.
    public func inspect(
        _ id: TaskID,
        in definition: TaskPartitions,
        withPayload: Bool = false
    ) async throws(BellowsError) -> TaskInspection? {
        let name = definition.partition(for: id)
        return try await inspecting.inspect([id], in: name, withPayload: withPayload).first ?? nil
    }

    /// Lists tasks: one state after the other, and of each state one part of the definition after the other.
    ///
    /// - Parameters:
    ///   - states: which; ``TaskState/listed`` by default.
    ///   - definition: the definition and its parts.
    ///   - cursor: where to go on, from the page before; nil for the first page.
    ///   - limit: the most tasks of the page, 1 to ``VerbLimits/listedTasks``.
    /// - Throws: ``BellowsError``; with ``BellowsError/Code/invalidInput`` for a state of which there is no list, and
    ///   for a cursor of another list.
    public func tasks(
        _ states: [TaskState] = TaskState.listed,
        of definition: TaskPartitions,
        after cursor: PageCursor? = nil,
        limit: Int = 50
    ) async throws(BellowsError) -> TaskPage {
        try VerbLimits.checkPage(limit)
        var places: [PageCursor] = []
        for state in states {
            let list = try PageCursor.List(of: state)
            places += definition.names.map { PageCursor(beginningOf: list, of: $0) }
        }
        var page = TaskPage(tasks: [])
        var rest = places[...]
        var next: PageCursor?
        if let cursor {
            guard let place = places.firstIndex(where: { $0.list == cursor.list && $0.name == cursor.name }) else {
                throw .cursor("\(cursor)")
            }
            rest = places[(place + 1)...]
            next = cursor
        } else {
            next = rest.popFirst()
        }
        while let current = next, page.tasks.count < limit {
            let part = try await inspecting.tasks(
                current.list.state,
                of: current.name,
                after: current,
                limit: limit - page.tasks.count
            )
            page.tasks += part.tasks
            page.isApproximate = page.isApproximate || part.isApproximate
            next = part.next ?? rest.popFirst()
        }
        page.next = next
        return page
    }

    /// Looks for tasks whose stored record holds some text, a step at a time.
    ///
    /// - Parameters:
    ///   - text: at most ``VerbLimits/searchedBytes`` of payload, or of names and values of headers.
    ///   - states: tasks of other states are left out.
    ///   - definition: the definition and its parts.
    ///   - cursor: where to go on, from the step before; nil for the first step.
    /// - Throws: ``BellowsError``.
    public func search(
        _ text: String,
        in states: [TaskState] = TaskState.listed,
        of definition: TaskPartitions,
        after cursor: PageCursor? = nil
    ) async throws(BellowsError) -> SearchPage {
        let names = definition.names
        var place = 0
        if let cursor {
            guard let found = names.firstIndex(of: cursor.name) else { throw .cursor("\(cursor)") }
            place = found
        }
        var page = try await inspecting.search(Array(text.utf8), of: names[place], after: cursor)
        page.tasks.removeAll { !states.contains($0.state) }
        if page.next == nil, place + 1 < names.count {
            page.next = PageCursor(beginningOf: .records, of: names[place + 1])
        }
        return page
    }

    /// Closes a definition, all parts of it: nothing is handed out, and its singleton is not run. What runs goes on.
    ///
    /// - Parameters:
    ///   - definition: the definition and its parts.
    ///   - duration: after which time it opens by itself; nil, the default, for never.
    ///   - note: who closes it, and why; at most ``DefinitionPause/maximumNote`` bytes, nothing by default.
    /// - Returns: how many of its tasks are leased now, and go on.
    /// - Throws: ``BellowsError``. Parts that were closed before the error stay closed; repeating the call is harmless.
    @discardableResult
    public func pause(
        _ definition: TaskPartitions,
        for duration: Duration? = nil,
        note: String = ""
    ) async throws(BellowsError) -> Int {
        var leased = 0
        for name in definition.names { leased += try await keeping.pause(name, for: duration, note: note) }
        return leased
    }

    /// Opens a definition that was closed, all parts of it.
    ///
    /// - Parameter definition: the definition and its parts.
    /// - Returns: whether any part was closed.
    /// - Throws: ``BellowsError``. Parts that were opened before the error stay open; repeating the call is harmless.
    @discardableResult
    public func resume(_ definition: TaskPartitions) async throws(BellowsError) -> Bool {
        var wasClosed = false
        for name in definition.names where try await keeping.resume(name) { wasClosed = true }
        return wasClosed
    }

    /// Cancels tasks. What waits ends at once; whoever holds what runs is asked to stop.
    ///
    /// - Parameters:
    ///   - ids: any number of tasks.
    ///   - definition: their definition and the parts of it.
    ///   - reason: who cancels them and why, at most ``VerbLimits/reasonBytes``; nothing by default.
    ///   - timeout: how long to wait for the ends of those that run, all together; nil, the default, does not wait.
    /// - Returns: one outcome for each id, in their order.
    /// - Throws: ``BellowsError``. What was cancelled before the error stays cancelled; repeating the call is harmless.
    @discardableResult
    public func cancel(
        _ ids: [TaskID],
        in definition: TaskPartitions,
        reason: String = "",
        waiting timeout: Duration? = nil
    ) async throws(BellowsError) -> [CancelOutcome] {
        let managing = try managing
        let deadline = timeout.map { backend.timeSource.now + $0 }
        var outcomes = try await eachPart(of: ids, in: definition, otherwise: CancelOutcome.unknown) {
            part,
            name throws(BellowsError) in
            try await managing.cancel(part, in: name, reason: reason)
        }
        guard let deadline else { return outcomes }
        let running = outcomes.indices.filter { if case .requested = outcomes[$0] { true } else { false } }
        for start in stride(from: 0, to: running.count, by: VerbLimits.changedTasks) {
            let part = running[start...].prefix(VerbLimits.changedTasks)
            let ends = await withTaskGroup(of: (Int, Result<CancelOutcome, BellowsError>).self) { group in
                for place in part {
                    group.addTask { [backend] in
                        let left = max(.zero, deadline - backend.timeSource.now)
                        let (id, name) = (ids[place], definition.partition(for: ids[place]))
                        return (
                            place,
                            await Result(calling: { () async throws(BellowsError) in
                                try await backend.awaitEnd(of: id, in: name, timeout: left)
                            })
                        )
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for (place, end) in ends { outcomes[place] = try end.get() }
        }
        return outcomes
    }

    /// Moves tasks that wait to another time.
    ///
    /// - Parameters:
    ///   - ids: any number of tasks.
    ///   - definition: their definition and the parts of it.
    ///   - availability: when they are due.
    /// - Returns: one outcome for each id, in their order.
    /// - Throws: ``BellowsError``. What was moved before the error stays moved.
    @discardableResult
    public func reschedule(
        _ ids: [TaskID],
        in definition: TaskPartitions,
        to availability: Availability
    ) async throws(BellowsError) -> [ChangeOutcome] {
        let managing = try managing
        return try await eachPart(of: ids, in: definition, otherwise: .unknown) { part, name throws(BellowsError) in
            try await managing.reschedule(part, in: name, to: availability)
        }
    }

    /// Replaces the payload of a task that waits, if nobody else has changed the task since it was read. Headers and retry
    /// policy stay as they are.
    ///
    /// - Parameters:
    ///   - inspection: the task as it was read, with its payload: see ``inspect(_:in:withPayload:)``.
    ///   - definition: its definition and the parts of it.
    ///   - payload: the codec's bytes.
    /// - Throws: ``BellowsError``; with ``BellowsError/Code/invalidInput`` for an inspection without a record.
    public func update(
        _ inspection: TaskInspection,
        in definition: TaskPartitions,
        payload: [UInt8]
    ) async throws(BellowsError) -> ChangeOutcome {
        guard var record = inspection.record, let digest = inspection.digest else {
            throw BellowsError(
                .invalidInput,
                "the record of \(inspection.id) is not known: only what waits can be changed, after it was read with its payload"
            )
        }
        record.payload = payload
        let name = definition.partition(for: inspection.id)
        return try await managing.update(inspection.id, in: name, to: record, from: digest)
    }

    /// Calls for the ids of each part, as many at a time as one call takes, and puts the answers into their order.
    private func eachPart<Answer>(
        of ids: [TaskID],
        in definition: TaskPartitions,
        otherwise: Answer,
        _ call: ([TaskID], TaskName) async throws(BellowsError) -> [Answer]
    ) async throws(BellowsError) -> [Answer] {
        var answers = [Answer](repeating: otherwise, count: ids.count)
        for (name, places) in Dictionary(grouping: ids.indices, by: { definition.partition(for: ids[$0]) }) {
            for start in stride(from: 0, to: places.count, by: VerbLimits.changedTasks) {
                let part = places[start...].prefix(VerbLimits.changedTasks)
                for (place, answer) in zip(part, try await call(part.map { ids[$0] }, name)) { answers[place] = answer }
            }
        }
        return answers
    }

    /// Cancels all tasks of some states, step by step.
    ///
    /// ```swift
    /// for try await count in try fleet.cancelAll(of: definition, reason: "the campaign was stopped") {
    ///     print("\(count.cancelled) cancelled")
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - states: which: ``TaskState/ready``, ``TaskState/delayed``, ``TaskState/leased``; the first two by default.
    ///   - text: only those whose stored record holds this text, as ``search(_:in:of:after:)`` finds it; nil for all.
    ///   - definition: the definition and its parts.
    ///   - reason: who cancels them and why; nothing by default.
    /// - Throws: ``BellowsError/Code/invalidInput`` for another state.
    public func cancelAll(
        _ states: [TaskState] = [.ready, .delayed],
        matching text: String? = nil,
        of definition: TaskPartitions,
        reason: String = ""
    ) throws(BellowsError) -> CancelSweep {
        for state in states where ![.ready, .delayed, .leased].contains(state) {
            throw BellowsError(.invalidInput, "\(state.rawValue) tasks cannot be cancelled", verb: .manage)
        }
        if let text { try VerbLimits.checkSearch(Array(text.utf8)) }
        try VerbLimits.checkCancellation([], reason: reason)
        return CancelSweep(fleet: self, states: states, text: text, definition: definition, reason: reason)
    }

    var managing: any BackendManaging {
        get throws(BellowsError) { try backend.requiredCapability((any BackendManaging).self) }
    }

    private var keeping: any FleetKeeping {
        get throws(BellowsError) { try backend.requiredCapability((any FleetKeeping).self) }
    }

    var inspecting: any BackendInspecting {
        get throws(BellowsError) { try backend.requiredCapability((any BackendInspecting).self) }
    }
}
