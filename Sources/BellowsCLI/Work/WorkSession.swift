import Bellows
import Synchronization

/// Runs a dispatcher until a signal, an error, or an empty queue ends it.
struct WorkSession: Sendable {
    let dispatcher: WorkerDispatcher
    let groups: CommandGroups

    /// Statistics are asked for at most this often.
    private static let watchInterval = Duration.milliseconds(250)

    /// Runs until the end. The first signal drains, the second gives everything back at once.
    ///
    /// - Parameter watched: the definition whose emptiness ends the run, and where to look; nil runs for ever.
    /// - Throws: what the dispatcher threw.
    func run(untilEmpty watched: (name: TaskName, backend: any BackendInspecting)? = nil) async throws {
        let running = dispatcher.launch()
        let count = Mutex(0)
        let signals = StopSignals { [dispatcher] more in
            let number = count.withLock { count in
                count += more
                return count
            }
            if number == 1 { dispatcher.beginDrain() } else { running.cancel() }
        }
        let watcher = watched.map { watched in
            Task {
                await waitUntilEmpty(watched.name, watched.backend)
                if !Task.isCancelled { dispatcher.beginDrain() }
            }
        }
        defer {
            watcher?.cancel()
            groups.killAll()
            withExtendedLifetime(signals) {}
        }
        do {
            try await running.wait()
        } catch is CancellationError {
            // The second signal.
        }
        // Its last act is to take the progress line away.
        watcher?.cancel()
        await watcher?.value
    }

    private func waitUntilEmpty(_ name: TaskName, _ backend: any BackendInspecting) async {
        var line = ProgressLine()
        var first: Int?
        while !Task.isCancelled {
            // A store that is away for a moment has no empty queue; the dispatcher waits for it too.
            if let counts = try? await backend.statistics(of: name) {
                if counts.isEmpty { break }
                let done = counts.finishedTotal - (first ?? counts.finishedTotal)
                first = first ?? counts.finishedTotal
                await line.update(done: done, left: counts.ready + counts.delayed + counts.leased)
            }
            // Ends early when cancelled, which the loop's condition sees.
            try? await Task.sleep(for: Self.watchInterval)
        }
        await line.clear()
    }
}
