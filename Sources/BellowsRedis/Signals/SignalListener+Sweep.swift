import Bellows
import BellowsRuntime
import Logging
import Synchronization

extension SignalListener {
    /// How long a probe may take to come back.
    static let probeTime = Duration.seconds(5)

    /// Tells all subscribers that signals may have been missed, as soon as the server answers.
    ///
    /// It answers SUBSCRIBE already while it still reads its data, and refuses everything else until that is done.
    func closeGap() {
        let isFirst = state.withLock { state in
            state.hasNewGap = state.isClosingGap
            defer { state.isClosingGap = true }
            return !state.isClosingGap
        }
        guard isFirst else { return }
        Task(executorPreference: EventLoop.shared) { [weak self] in
            var rest = self?.sweepsAfterGap ?? []
            var failures = 0
            while let self, await !self.tryToCloseGap(&rest, &failures) { failures += 1 }
        }
    }

    /// The definitions of each sweep that shows whether a server answers.
    private var sweepsAfterGap: [[TaskName]] {
        operations.keys.isSharded ? state.withLock { $0.inboxes.map { [$0] } } : [[]]
    }

    /// One try.
    ///
    /// - Parameter rest: the sweeps that have not been answered yet.
    /// - Returns: whether there is nothing left to do.
    private func tryToCloseGap(_ rest: inout [[TaskName]], _ failures: inout Int) async -> Bool {
        let isNewGap = state.withLock { state in
            defer { state.hasNewGap = false }
            return state.hasNewGap
        }
        if isNewGap { (rest, failures) = (sweepsAfterGap, 0) }
        // In a cluster a server that is dead for long must not hold up the news of another one by much.
        let patience = min(failures, operations.keys.isSharded ? 1 : 3)
        let (unanswered, problem) = await sweep(rest, within: .seconds(1) * (1 << patience))
        // In a cluster some servers may be back before others.
        if problem != nil, unanswered.count < rest.count { send(.checkEverything) }
        rest = unanswered
        if let error = problem {
            guard error.code != .closed else { return true }
            if failures == 0 {
                logger.warning("the sweep after a gap in the signals failed", metadata: [LogKeys.error: "\(error)"])
            }
            let pause = error.isRetryable ? Duration.milliseconds(100) : .seconds(1)
            await timeSource.wait(until: timeSource.now + pause * Double.random(in: 1...2))
            return state.withLock(\.isClosed)
        }
        let isDone = state.withLock { state in
            state.isClosingGap = state.hasNewGap
            if !state.isClosingGap, state.isInForce { state.gapBegan = nil }
            return !state.isClosingGap
        }
        send(.checkEverything)
        return isDone
    }

    /// Finds out whether servers answer.
    ///
    /// - Parameters:
    ///   - parts: the definitions of each sweep.
    ///   - time: how long an answer may take. What takes longer costs the connection, which commands use too, so it
    ///     grows from try to try: a server that is slow, and not dead, is left alone.
    /// - Returns: the sweeps that were not answered, and one reason.
    private func sweep(
        _ parts: [[TaskName]],
        within time: Duration
    ) async -> (unanswered: [[TaskName]], problem: BellowsError?) {
        await withTaskGroup(of: (part: [TaskName], problem: BellowsError?).self) { group in
            for part in parts {
                group.addTask { [self] in
                    do throws(BellowsError) {
                        let report = try await operations.sweep(part, probe: nil, waits: false, within: time)
                        if report.hasLostData { operations.forgetStore() }
                        return (part, nil)
                    } catch {
                        guard error.code == .layoutMismatch, operations.keys.isSharded else { return (part, error) }
                        // That concerns one definition, and waiting does not mend it.
                        logger.error("a definition is of another layout", metadata: [LogKeys.error: "\(error)"])
                        return (part, nil)
                    }
                }
            }
            return await group.reduce(into: ([], nil)) { result, answer in
                guard let problem = answer.problem else { return }
                result.0.append(answer.part)
                result.1 = problem
            }
        }
    }

    /// Looks again in 25 to 30 seconds.
    func armTimer(_ state: inout State) {
        let wait = Duration.milliseconds(Int64.random(in: 25_000...30_000))
        state.timer = timeSource.schedule(at: timeSource.now + wait) { [weak self] in
            Task(executorPreference: EventLoop.shared) { await self?.look() }
        }
    }

    private func look() async {
        let names = state.withLock { operations.keys.isSharded ? Array($0.inboxes) : $0.roster.names }
        let size = operations.keys.isSharded ? 1 : RedisOperations.definitionsPerSweep
        await withTaskGroup(of: Void.self) { group in
            for start in stride(from: 0, to: max(1, names.count), by: size) {
                let part = Array(names[start..<min(start + size, names.count)])
                // Where there is one inbox, one probe is enough.
                group.addTask { [self] in
                    await look(at: part, probing: start == 0 || operations.keys.isSharded)
                }
            }
        }
        await lookForResults()
        state.withLock { state in
            state.timer = nil
            if !state.isClosed, !state.roster.isEmpty { armTimer(&state) }
        }
    }

    private func look(at names: [TaskName], probing: Bool) async {
        guard !names.isEmpty || !operations.keys.isSharded else { return }
        let (text, waits) = state.withLock { state in
            (
                state.isInForce && probing ? state.probe.begin() : nil,
                !operations.keys.isSharded || names.allSatisfy { state.roster.wantsTasks(of: $0) }
            )
        }
        do {
            let report = try await operations.sweep(names, probe: text, waits: waits)
            if report.hasLostData {
                operations.forgetStore()
                send(.checkEverything)
            }
            for (name, wait) in report.waits { send(wait == .zero ? .available(name) : .due(name, in: wait)) }
            if let text { expect(text) }
        } catch {
            if let text { state.withLock { $0.probe.withdraw(text) } }
            logger.debug("a sweep failed", metadata: [LogKeys.error: "\(error)"])
            // The next handshake refuses a store of another layout, and with it every call.
            if error.code == .layoutMismatch, !operations.keys.isSharded {
                operations.runner.routes.reset(.key(operations.keys.marker(of: names.first)), error.message)
            }
        }
    }

    /// A subscription that is silently dead looks like a quiet one; only a message of our own tells them apart.
    private func expect(_ text: String) {
        _ = timeSource.schedule(at: timeSource.now + Self.probeTime) { [weak self] in
            guard let self, let line = self.state.withLock({ $0.probe.isMissing(text) ? $0.line : nil }) else { return }
            line.reset("a message to our own channel did not come back")
        }
    }

    /// The announcement of a result may have been missed; its waiters then look for it themselves.
    private func lookForResults() async {
        for (name, ids) in state.withLock(\.roster.awaited) {
            var rest = ids[...]
            while !rest.isEmpty {
                let part = rest.prefix(VerbLimits.results)
                rest = rest.dropFirst(part.count)
                do {
                    let lookups = try await operations.result(of: part.map { ResultQuery(id: $0) }, in: name)
                    for (id, lookup) in zip(part, lookups) where lookup != .pending {
                        send(.resultReady(id, of: name))
                    }
                } catch {
                    logger.debug("a look for results failed", metadata: [LogKeys.error: "\(error)"])
                }
            }
        }
    }
}
