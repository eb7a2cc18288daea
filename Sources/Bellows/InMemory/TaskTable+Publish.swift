extension TaskTable {
    /// Stores tasks.
    ///
    /// - Parameters:
    ///   - requests: checked requests.
    ///   - delays: the delay of each in milliseconds.
    ///   - now: the store's clock.
    ///   - nonce: text that no other call has.
    mutating func publish(
        _ requests: [PublishRequest],
        delays: [Int64],
        at now: Instant,
        nonce: String
    ) -> TaskTableAnswer<[PublishedTask]> {
        removeExpired(at: now)
        var answers: [PublishedTask] = []
        var least: Duration?
        for (index, (request, milliseconds)) in zip(requests, delays).enumerated() {
            let id = request.makeID()
            if let known = disposition(ofKnown: id) {
                if let retention = request.wantedRetention { want(id, for: retention) }
                answers.append(
                    PublishedTask(id: id, disposition: known, run: nil, durability: request.durabilityWithoutReplicas)
                )
                continue
            }
            let run = RunID("\(nonce)-\(index)")
            let delay = Duration.milliseconds(milliseconds)
            var entry = TaskEntry(record: request.record, run: run)
            entry.want = request.wantedRetention.map { TaskEntry.Want(retention: $0) }
            insert(entry, id: id, delay: delay, at: now)
            least = min(delay, least ?? delay)
            answers.append(
                PublishedTask(id: id, disposition: .new, run: run, durability: request.durabilityWithoutReplicas)
            )
        }
        return TaskTableAnswer(value: answers, signals: least.map { [wake(after: $0)] } ?? [])
    }

    /// Adds a task. An old result of the same id would answer for the new run, so it goes.
    mutating func insert(_ entry: TaskEntry, id: TaskID, delay: Duration, at now: Instant) {
        entries[id] = entry
        results.remove(id)
        if delay > .zero {
            delayed.set(id, to: now + delay)
        } else {
            lastPublish += 1
            ready.set(id, to: lastPublish)
        }
    }

    /// Notes that somebody wants the result of a task that waits or runs.
    mutating func want(_ id: TaskID, for retention: Duration) {
        let known = entries[id]?.want?.retention ?? .zero
        entries[id]?.want = TaskEntry.Want(retention: max(known, retention))
    }

    private func disposition(ofKnown id: TaskID) -> PublishedTask.Disposition? {
        if entries[id] != nil { return .alreadyPublished }
        if dead[id] != nil { return .alreadyDead }
        return tombstones[id] != nil ? .alreadyFinished : nil
    }
}

extension PublishRequest {
    /// How long the publisher wants the result to be kept; nil if it wants none.
    fileprivate var wantedRetention: Duration? {
        if let retention = options.resultRetention, retention > .zero { return retention }
        return options.announcesResult ? PublishOptions.defaultRetention : nil
    }
}

extension PublishRequest {
    /// What a store without replicas answers.
    fileprivate var durabilityWithoutReplicas: PublishedTask.Durability {
        switch options.durability {
        case .acknowledged: .acknowledged
        case .replicated: .notReplicated(to: 0)
        }
    }
}
