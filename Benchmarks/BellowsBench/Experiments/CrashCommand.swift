import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// A task whose handler ends its whole process, among others that do not, and a supervisor that starts the process again:
/// the attempts are counted when the task is claimed, so it reaches its limit.
struct CrashCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "crash")

    func run() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let backend = try await RedisBackend.connect(server.url)
        defer { backend.close() }
        let name = try TaskName("bench.crash")
        let options = PublishOptions(retryPolicy: RetryPolicy(maximumAttempts: 5))
        _ = try await backend.publish([PublishRequest(payload: [1], options: options)], to: name)
        // Whoever is at work in a process that crashes is charged an attempt too, because nobody is left to tell who it was.
        let patient = PublishOptions(retryPolicy: RetryPolicy(maximumAttempts: 25))
        let neighbours = Array(repeating: PublishRequest(payload: [], options: patient), count: 50)
        _ = try await backend.publish(neighbours, to: name)
        var crashes = 0
        let arguments = ["crash-worker", "--url", server.url, "--name", "\(name)"]
        // Its end need not be told at length.
        let environment = ["SWIFT_BACKTRACE": "enable=no"]
        var worker = try ChildProcess(arguments: arguments, environment: environment)
        defer { worker.end() }
        let isEmpty = try await wait(atMost: .seconds(120)) {
            if worker.hasCrashed {
                crashes += 1
                worker = try ChildProcess(arguments: arguments, environment: environment)
            }
            return try await backend.statistics(of: name).isEmpty
        }
        let statistics = try await backend.statistics(of: name)
        let dead = try await backend.deadLetters(of: name, offset: 0, limit: 10)
        var report = Report(experiment: "crash")
        report.figures["crashes"] = Double(crashes)
        report.figures["finished"] = Double(statistics.finishedTotal)
        report.figures["dead"] = Double(statistics.dead)
        report.goals["dead after five crashes"] = isEmpty && crashes == 5 && dead.count == 1
        report.goals["its neighbours finish"] = statistics.finishedTotal == 50
        try report.print()
    }
}

/// A worker that one payload ends.
struct CrashWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "crash-worker", shouldDisplay: false)

    @Option var url: String
    @Option var name: String

    func run() async throws {
        let handler = TaskHandler(name: try TaskName(name)) { payload, _ in
            try await Task.sleep(for: .milliseconds(100))
            // What the experiment is about: a trap, as of an index out of range.
            if payload == [1] { fatalError("this is what happens to others by mistake") }
            return []
        }
        let configuration = DispatcherConfiguration(
            maximumConcurrentTasks: 4,
            lease: LeasePolicy(duration: .seconds(1))
        )
        try await WorkerDispatcher(try await RedisBackend.connect(url), handlers: handler, configuration: configuration)
            .run()
    }
}
