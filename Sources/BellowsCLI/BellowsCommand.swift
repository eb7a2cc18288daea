import ArgumentParser

/// The command `bellows`.
struct BellowsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bellows",
        abstract: "Durable tasks on Redis: publish them, work on them, await and inspect them.",
        discussion: """
            The address of Redis comes from --redis, else from BELLOWS_REDIS_URL, else it is \
            redis://127.0.0.1:6379. Put the password into BELLOWS_REDIS_PASSWORD: one in the address shows in the \
            list of processes.

            Exit codes: 0 done; 1 a task failed, died or was refused; 2 wrong usage; 69 Redis cannot be reached or \
            refuses us; 124 time-out.
            """,
        version: "0.9.0",
        subcommands: [
            PublishCommand.self, WorkCommand.self, SingletonCommand.self, AwaitCommand.self, StatsCommand.self,
            TasksCommand.self, InspectCommand.self, CancelCommand.self, RescheduleCommand.self, UpdateCommand.self,
            DeadCommand.self, PauseCommand.self, ResumeCommand.self, DoctorCommand.self, CheckCommand.self,
        ]
    )

    @OptionGroup var store: StoreOptions<BellowsCommand>

    func run() throws {
        throw CommandFailure(
            .usage,
            "a command is missing: publish, work, singleton, await, stats, tasks, inspect, cancel, reschedule, "
                + "update, dead, pause, resume, doctor or check (see: bellows --help)"
        )
    }
}
