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
    @Option(help: "Dispatchers on one connection pair.") var dispatchers = 1
    @Flag(help: "The name is a singleton's.") var singleton = false

    func run() async throws {
        let events = try EventFile(path: events)
        let backend = try await RedisBackend.connect(url)
        let busy = Duration.milliseconds(busy)
        let pid = getpid()
        let work: @Sendable (TaskContext) async throws -> Void = { context in
            // Behind all else, what this process takes for the time: experiments may have set its clock.
            let date: @Sendable () -> Double = { Date().timeIntervalSince1970 }
            events.append("start \(context.id) \(context.attempt) \(pid) \(sharedClock()) \(date())")
            do {
                try await Task.sleep(for: busy)
            } catch {
                events.append("cancelled \(context.id) \(context.attempt) \(pid) \(sharedClock())")
                throw error
            }
            events.append("end \(context.id) \(context.attempt) \(pid) \(sharedClock()) \(date())")
        }
        let name = try TaskName(name)
        let handler =
            singleton
            ? TaskHandler(singleton: name) { context in
                try await work(context)
                return .now
            }
            : TaskHandler(name: name) { _, context in
                try await work(context)
                return []
            }
        let configuration = DispatcherConfiguration(
            maximumConcurrentTasks: slots,
            lease: LeasePolicy(duration: .milliseconds(lease))
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<dispatchers {
                group.addTask {
                    try await WorkerDispatcher(backend, handlers: [handler], configuration: configuration).run()
                }
            }
            try await group.waitForAll()
        }
    }
}
