import ArgumentParser
import Bellows

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `bellows reschedule`: moves tasks that wait to another time.
struct RescheduleCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "reschedule",
        abstract: "Move tasks that wait, retries among them, to another time.",
        discussion: "Prints ID and outcome for each: done, leased (it runs, and is left alone) or unknown."
    )

    @ParentCommand var root: BellowsCommand
    @OptionGroup var store: StoreOptions<RescheduleCommand>

    @OptionGroup var definition: DefinitionArgument
    @Argument(help: "The tasks' ids.", transform: ArgumentChecks.id)
    var ids: [TaskID]
    @Flag(help: "They are due at once.")
    var now = false
    @Option(help: "They are due after this time, such as 10m.", transform: DurationArgument.transform)
    var delay: Duration?
    @Option(
        help: "They are due at this date, such as 2026-05-01T12:30:00Z, by the clock of this machine.",
        transform: ArgumentChecks.date
    )
    var at: Date?
    @Flag(help: "Print one JSON object per task.")
    var json = false

    var address: StoreAddress { store.address }

    private var availability: Availability { delay.map { .after($0) } ?? at.map { .at($0) } ?? .now }

    func validate() throws {
        guard [now, delay != nil, at != nil].count(where: \.self) == 1 else {
            throw ValidationError("give one of --now, --delay and --at")
        }
        _ = try ArgumentChecks.describing { () throws(BellowsError) in try availability.milliseconds(from: Date()) }
    }

    func execute() async throws -> ProgramStatus {
        let parts = try definition.parts()
        let outcomes = try await Fleet(try await connect()).reschedule(ids, in: parts, to: availability)
        for (id, outcome) in zip(ids, outcomes) {
            try await OutcomeLine(id: id, word: outcome.word).print(asJSON: json)
        }
        return outcomes.allSatisfy { $0 == .done } ? .success : .failed
    }
}
