import ArgumentParser
import Bellows

/// Which definition, and into how many parts it is divided.
struct DefinitionArgument: ParsableArguments {
    @Argument(help: "The definition's name.", transform: ArgumentChecks.name)
    var name: TaskName
    @Option(
        help: "Into how many parts the definition is divided; all programs have to agree. (default: 1)",
        transform: ArgumentChecks.partitions
    )
    var partitions: Int?

    func validate() throws {
        _ = try ArgumentChecks.describing { () throws(BellowsError) in try TaskPartitions(name, count: count) }
    }

    private var count: Int { partitions ?? 1 }

    /// The definition and its parts.
    ///
    /// - Throws: `BellowsError`, but not after ``validate()``.
    func parts() throws -> TaskPartitions { try TaskPartitions(name, count: count) }
}
