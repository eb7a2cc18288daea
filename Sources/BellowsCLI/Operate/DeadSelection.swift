import ArgumentParser
import Bellows

/// Which dead letters a command is about: some, or all.
struct DeadSelection: ParsableArguments {
    @Argument(help: "The ids of dead letters.", transform: ArgumentChecks.id)
    var ids: [TaskID] = []
    @Flag(help: "Take all dead letters of the definition.")
    var all = false

    func validate() throws {
        if ids.isEmpty == !all { throw ValidationError("give either ids or --all") }
    }

    /// Applies an operation to the selected letters, and prints how many there were.
    ///
    /// - Parameters:
    ///   - verb: what was done, for people.
    ///   - operation: tells for each id whether there was such a dead letter.
    /// - Returns: the exit code: failure if an id was given that is no dead letter.
    func apply(
        _ verb: String,
        to name: TaskName,
        on backend: any BackendInspecting & BackendManaging,
        _ operation: ([TaskID]) async throws -> [Bool]
    ) async throws -> ProgramStatus {
        // All of them are listed first: one that is retried may die again in the meantime.
        let selected = all ? try await DeadListCommand.letters(of: name, on: backend).map(\.id) : ids
        var done = 0
        var status = ProgramStatus.success
        for start in stride(from: 0, to: selected.count, by: 100) {
            let chunk = Array(selected[start..<min(start + 100, selected.count)])
            for (id, wasThere) in zip(chunk, try await operation(chunk)) {
                if wasThere {
                    done += 1
                } else if !all {
                    status = .failed
                    await ByteSink.standardError.say("bellows: \(name) has no dead letter \(id)")
                }
            }
        }
        try await ByteSink.standardOutput.print("\(done) \(verb)")
        return status
    }
}
