import Bellows
import BellowsRuntime
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Runs a dispatcher until a signal, an error, or an empty queue ends it.
struct WorkSession: Sendable {
    let dispatcher: WorkerDispatcher
    let groups: CommandGroups
    /// How long running commands may take to end after the first signal.
    let grace: Duration

    /// What the end of a run may take beyond the grace before something must be wrong.
    private static let slack = Duration.seconds(5)
    /// Statistics are asked for at most this often.
    private static let watchInterval = Duration.milliseconds(250)

    /// Runs until the end. The first signal drains, the second gives everything back at once.
    ///
    /// - Parameter watched: the definition and its parts, whose emptiness ends the run, and where to look; nil runs for
    ///   ever.
    /// - Throws: what the dispatcher threw, or why nobody can tell any more whether the queue is empty.
    func run(untilEmpty watched: (parts: TaskPartitions, backend: any BackendInspecting)? = nil) async throws {
        let running = dispatcher.launch()
        let count = Mutex(0)
        let signals = StopSignals { [self] more in
            let number = count.withLock { count in
                count += more
                return count
            }
            if number == 1 { dispatcher.beginDrain() } else { running.cancel() }
            if number == more { endAnyway(after: grace + Self.slack) }
        }
        let watcher = watched.map { watched in
            Task {
                // Whatever the look ran into, the tasks that run are brought to an end.
                defer { if !Task.isCancelled { dispatcher.beginDrain() } }
                try await waitUntilEmpty(watched.parts, watched.backend)
            }
        }
        defer {
            watcher?.cancel()
            groups.killAll()
            withExtendedLifetime(signals) {}
        }
        try await running.wait()
        // Its last act is to take the progress line away.
        watcher?.cancel()
        try await watcher?.value
    }

    /// Ends the process though something holds the threads on which it would come to its end by itself. The dispatcher,
    /// which has a thread of its own, has given everything back by then.
    private func endAnyway(after time: Duration) {
        let loop = EventLoop.shared
        _ = loop.schedule(at: loop.now + time) {
            loop.start {
                let outcome = await BoundedCall.run(until: loop.now + Self.slack, on: loop) {}
                guard case .deadline = outcome else { return }
                groups.killAll()
                let line = "bellows: something holds all threads of this process; it ends without waiting for it\n"
                ByteSink.standardError.post(Array(line.utf8))
                _ = loop.schedule(at: loop.now + .seconds(1)) { exit(ProgramStatus.failed.rawValue) }
            }
        }
    }

    private func waitUntilEmpty(_ parts: TaskPartitions, _ backend: any BackendInspecting) async throws {
        do {
            try await watch(parts, backend)
        } catch is CancellationError {
            // The run has ended for another reason.
        }
    }

    private func watch(_ parts: TaskPartitions, _ backend: any BackendInspecting) async throws {
        var line = ProgressLine()
        var first: Int?
        do {
            while true {
                if let counts = try await counts(of: parts, backend) {
                    if counts.isEmpty { break }
                    // What runs elsewhere is waited for, as it would be if the definition were open.
                    if let pause = counts.pause, counts.leased == 0 { throw Self.isPaused(parts.name, counts, pause) }
                    let done = counts.finishedTotal - (first ?? counts.finishedTotal)
                    first = first ?? counts.finishedTotal
                    await line.update(done: done, left: counts.ready + counts.delayed + counts.leased)
                }
                try await Task.sleep(for: Self.watchInterval)
            }
        } catch {
            await line.clear()
            throw error
        }
        await line.clear()
    }

    private static func isPaused(
        _ name: TaskName,
        _ counts: TaskStatistics,
        _ pause: DefinitionPause
    ) -> CommandFailure {
        let end = pause.end.map { " until \(Timestamp.text(from: $0))" } ?? ""
        let count = counts.ready.addingClamped(counts.delayed)
        let tasks = count == 1 ? "1 task waits" : "\(count) tasks wait"
        return CommandFailure(.paused, "\(name) is paused\(end) and \(tasks): see bellows resume \(name)")
    }

    /// The counts; nil while the store is away for a moment: it has no empty queue then, and the dispatcher waits for
    /// it too. An error that waiting cannot cure ends the run.
    private func counts(of parts: TaskPartitions, _ backend: any BackendInspecting) async throws -> TaskStatistics? {
        // A caller that is cancelled, because the run has ended, does not wait for a store that hangs.
        let outcome = await BoundedCall.run(until: nil, on: EventLoop.shared) {
            await Self.counts(of: parts, backend)
        }
        guard case .value(let counts) = outcome else { throw CancellationError() }
        return try counts.get()
    }

    private static func counts(
        of parts: TaskPartitions,
        _ backend: any BackendInspecting
    ) async -> Result<TaskStatistics?, BellowsError> {
        do throws(BellowsError) {
            var sum = TaskStatistics()
            for name in parts.names { sum += try await backend.statistics(of: name) }
            return .success(sum)
        } catch {
            return error.isRetryable ? .success(nil) : .failure(error)
        }
    }
}
