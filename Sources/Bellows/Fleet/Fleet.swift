/// What the people who run a backend ask it: the one value that knows parts of definitions, pages of lists, and what a
/// backend cannot do.
///
/// ```swift
/// let fleet = Fleet(backend)
/// let page = try await fleet.tasks([.dead], of: TaskPartitions(TaskName("thumbnails"), count: 1))
/// for task in page.tasks { print(task.id, task.lastError ?? "") }
/// ```
public struct Fleet: Sendable {
    let backend: any Backend

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

    var inspecting: any BackendInspecting {
        get throws(BellowsError) { try backend.requiredCapability((any BackendInspecting).self) }
    }
}
