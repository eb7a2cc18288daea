package import Bellows
import BellowsTesting

/// What a run watches beside the single operations: dispatchers that start and stop at any moment, and publishers that
/// wait for a result for a limited time (L1 to L4).
package struct HistoryWorker {
    let backend: any Backend
    /// A definition of its own, which the clients leave alone.
    let name: TaskName
    let lease: Duration
    let journal: HistoryJournal

    private static let grace = Duration.milliseconds(300)
    private static let waiters = 2

    /// Starts and stops a dispatcher, and waits for results, until it is cancelled.
    ///
    /// - Returns: the tasks that were acknowledged.
    func run(seed: UInt64) async -> [TaskID] {
        await withTaskGroup(of: [TaskID].self) { group in
            group.addTask {
                await startAndStop(SeededGenerator(seed: seed))
                return []
            }
            for number in 1...Self.waiters {
                group.addTask { await publishAndWait(SeededGenerator(seed: seed &+ UInt64(number))) }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func startAndStop(_ generator: SeededGenerator) async {
        var generator = generator
        while !Task.isCancelled {
            let running = Self.dispatcher(backend, Self.handler(name), lease: lease).launch()
            // Cut short when the run ends.
            try? await Task.sleep(for: .milliseconds(Int.random(in: 100...3000, using: &generator)))
            await stop(running)
        }
    }

    private func stop(_ running: RunningDispatcher) async {
        let start = journal.now
        do {
            try await running.drain()
            journal.note(start, .stop(grace: Self.grace, failure: nil))
        } catch {
            journal.note(start, .stop(grace: Self.grace, failure: "\(error)"))
        }
    }

    private func publishAndWait(_ generator: SeededGenerator) async -> [TaskID] {
        var generator = generator
        var acknowledged: [TaskID] = []
        while !Task.isCancelled {
            let payload = Array("\(generator.next())".utf8)
            let options = PublishOptions(resultRetention: .seconds(600), announcesResult: true)
            do {
                let request = PublishRequest(payload: payload, options: options)
                let published = try await backend.publish([request], to: name)[0]
                acknowledged.append(published.id)
                let timeout = Duration.milliseconds(Int.random(in: 1...1500, using: &generator))
                let start = journal.now
                let result = try? await backend.awaitResult(
                    of: published.id,
                    run: published.run,
                    in: name,
                    timeout: timeout
                )
                journal.note(start, .wait(published.id, timeout: timeout, isOwn: result.map { $0 == payload }))
            } catch {
                // Stored or not: it is not looked for. A store that refuses is left alone for a moment.
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
        return acknowledged
    }

    /// Works until nothing is left.
    ///
    /// - Parameter isOver: says whether that is so.
    func finishAll(until isOver: () async -> Bool) async {
        let running = Self.dispatcher(backend, Self.handler(name), lease: lease).launch()
        while await !isOver() { try? await Task.sleep(for: .milliseconds(20)) }
        await stop(running)
    }

    /// Takes a singleton, dies, and notes when a dispatcher has replaced it (L3).
    ///
    /// - Parameter end: when to give up.
    func replaceDeadOwner(of singleton: TaskName, until end: Duration) async {
        var owner: Duration?
        while owner == nil, journal.now < end {
            let request = ClaimRequest(name: singleton, selection: .singleton, lease: lease)
            // It is not due, somebody has it, or the store does not answer: asked again in a moment.
            if case .claimed? = try? await backend.claim(request) {
                // Its lease began no later.
                owner = journal.now
            } else {
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
        guard let owner else { return journal.note(end, .takeover(started: nil)) }
        let (starts, started) = AsyncStream.makeStream(of: Duration.self)
        let handler = TaskHandler(singleton: singleton) { [journal] _ in
            started.yield(journal.now)
            return .after(.seconds(3600))
        }
        let running = Self.dispatcher(backend, handler, lease: lease).launch()
        let patience = Task {
            try? await Task.sleep(for: MachineLoad.stretched(.seconds(30)))
            started.finish()
        }
        var successor: Duration?
        for await start in starts {
            successor = start
            break
        }
        patience.cancel()
        journal.note(owner, .takeover(started: successor))
        await stop(running)
    }

    /// A dispatcher that stops at once when it is told to.
    package static func dispatcher(
        _ backend: any Backend,
        _ handler: TaskHandler,
        lease: Duration
    ) -> WorkerDispatcher {
        WorkerDispatcher(
            backend,
            handlers: handler,
            configuration: DispatcherConfiguration(lease: LeasePolicy(duration: lease), shutdownGrace: grace)
        )
    }

    /// Returns its payload after some milliseconds, which depend on the payload.
    package static func handler(_ name: TaskName) -> TaskHandler {
        TaskHandler(name: name, options: TaskOptions(retry: RetryPolicy(maximumAttempts: 1000))) { payload, _ in
            try await Task.sleep(for: .milliseconds(payload.reduce(0) { $0 + Int($1) } % 21))
            return payload
        }
    }
}
