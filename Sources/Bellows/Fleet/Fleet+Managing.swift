extension Fleet {
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
}
