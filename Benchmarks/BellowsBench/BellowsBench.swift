import ArgumentParser

/// Measurements and fault experiments. Each prints one JSON object; none is a test.
@main
struct BellowsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bellows-bench",
        abstract: "Measures Bellows against a private redis-server, and breaks things on purpose.",
        subcommands: [
            AllCommand.self, PublishCommand.self, BulkCommand.self, ProcessCommand.self, EndToEndCommand.self,
            LatencyCommand.self, AwaitCommand.self, DelayedCommand.self, IdleCommand.self, HerdCommand.self,
            BacklogCommand.self, MemoryCommand.self, RttCommand.self, CostCommand.self, ScriptCostCommand.self,
            BlockingCommand.self,
            BacklogLargeCommand.self, KillWorkerCommand.self, StopWorkerCommand.self, SwallowCommand.self,
            KillRedisCommand.self, HangCommand.self, CrashCommand.self, CrashWorkerCommand.self,
            FullSyncCommand.self, ReconnectCommand.self, ReconnectWorkersCommand.self,
            FailoverCommand.self, ClusterCommand.self, ClocksCommand.self, CrowdCommand.self, LostRepliesCommand.self,
            LeftoversCommand.self, FullCommand.self, CancelCommand.self,
            FaultsCommand.self,
            CutCommand.self, FlushCommand.self, TakeoverCommand.self, WorkerCommand.self, SoakCommand.self,
            HistoryCommand.self,
            SoakWorkerCommand.self, HistoryWorkerCommand.self, SoakPublisherCommand.self,
        ]
    )
}
