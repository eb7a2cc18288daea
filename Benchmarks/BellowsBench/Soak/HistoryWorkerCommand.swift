import ArgumentParser
import Bellows
import BellowsHistory
import BellowsRedis

/// A worker process of a history, which the nemesis may kill at any moment. What it does is written down by the server.
struct HistoryWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "history-worker", shouldDisplay: false)

    @Option var url: String
    @Option(help: "The definition.") var name: String
    @Option(help: "Milliseconds.") var lease: Int

    func run() async throws {
        var configuration = try RedisConfiguration(url: url)
        configuration.commandTimeout = .seconds(2)
        configuration.recordsCalls = true
        let backend = try RedisBackend(configuration: configuration)
        let name = try TaskName(name)
        try await HistoryWorker.dispatcher(backend, HistoryWorker.handler(name), lease: .milliseconds(lease))
            .runUntilTerminated()
        backend.close()
    }
}
