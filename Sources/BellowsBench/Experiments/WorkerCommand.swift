import ArgumentParser
import Bellows
import BellowsRedis
import Foundation

/// A worker process for other experiments: appends what it does to a file.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "worker", shouldDisplay: false)

    @Option var url: String
    @Option var name: String
    @Option(help: "Milliseconds.") var lease: Int
    @Option var slots: Int
    @Option(help: "Milliseconds of work per task.") var busy: Int
    @Option var events: String

    func run() async throws {
        let events = try EventFile(path: events)
        let backend = try await RedisBackend.connect(url)
        let busy = Duration.milliseconds(busy)
        let pid = getpid()
        let handler = TaskHandler(name: try TaskName(name)) { _, context in
            events.append("start \(context.id) \(context.attempt) \(pid) \(wallClock())")
            do {
                try await Task.sleep(for: busy)
            } catch {
                events.append("cancelled \(context.id) \(context.attempt) \(pid) \(wallClock())")
                throw error
            }
            events.append("end \(context.id) \(context.attempt) \(pid) \(wallClock())")
            return []
        }
        let dispatcher = WorkerDispatcher(
            backend,
            handlers: [handler],
            configuration: DispatcherConfiguration(
                maximumConcurrentTasks: slots,
                lease: LeasePolicy(duration: .milliseconds(lease))
            )
        )
        try await dispatcher.run()
    }
}
