import ArgumentParser

/// Measurements and fault experiments. Each prints one JSON object; none is a test.
@main
struct BellowsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bellows-bench",
        abstract: "Measures Bellows against a private redis-server, and breaks things on purpose.",
        subcommands: [
            PublishCommand.self, BulkCommand.self, ProcessCommand.self, LatencyCommand.self, IdleCommand.self,
            CostCommand.self, MemoryCommand.self, KillWorkerCommand.self,
            StopWorkerCommand.self, KillRedisCommand.self, CutCommand.self, FlushCommand.self, BlockingCommand.self,
            BacklogCommand.self, WorkerCommand.self,
        ]
    )
}
