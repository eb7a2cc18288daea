import ArgumentParser

/// `bellows dead`: the dead letters.
struct DeadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "List, retry or delete dead letters: tasks that were given up.",
        subcommands: [DeadListCommand.self, DeadRetryCommand.self, DeadDeleteCommand.self]
    )

    @OptionGroup var store: StoreOptions<DeadCommand>

    func run() throws {
        throw CommandFailure(.usage, "a command is missing: dead list, dead retry or dead delete (see: bellows --help)")
    }
}
