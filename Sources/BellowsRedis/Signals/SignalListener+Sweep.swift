import Bellows
import BellowsRuntime
import Logging
import Synchronization

extension SignalListener {
    /// How long a probe may take to come back.
    static let probeTime = Duration.seconds(5)

    /// Tells all subscribers that signals may have been missed, as soon as servers answer.
    ///
    /// - Parameter all: whether all wanted channels have been confirmed.
    func closeGap(all: Bool) {
        guard state.withLock({ $0.gap.confirm(all: all) }) else { return }
        Task(executorPreference: EventLoop.shared) { [weak self] in
            while let self, await self.tryToCloseGap() {}
        }
    }

    /// One try.
    ///
    /// - Returns: whether there is another one.
    private func tryToCloseGap() async -> Bool {
        let current = state.withLock { $0.gap.beginTry(for: $0.inboxes) }
        let (unanswered, problem) = await sweep(current.parts, within: current.time)
        let verdict = state.withLock { state in
            state.gap.endTry(unanswered: unanswered, problem: problem, jitter: .random(in: 0...1))
        }
        if verdict.tellsSubscribers { send(.checkEverything) }
        if verdict.warns, let problem {
            logger.warning("the sweep after a gap in the signals failed", metadata: [LogKeys.error: "\(problem)"])
        }
        guard let pause = verdict.nextTry else { return false }
        if pause > .zero { await timeSource.wait(until: timeSource.now + pause) }
        return !state.withLock(\.isClosed)
    }

    /// Finds out whether servers answer.
    ///
    /// - Parameters:
    ///   - parts: the definitions of each sweep.
    ///   - time: how long an answer may take.
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
                state.gap.isInForce && probing ? state.probe.begin() : nil,
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
