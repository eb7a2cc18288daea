import ArgumentParser
import Bellows
import BellowsRedis
import RedisFixture
import Synchronization

/// FLUSHALL with 100 tasks in flight: no crash, new tasks run, no waiter gets another task's result.
struct FlushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "flush")

    enum Echo: TaskDefinition {
        static let name = "bench.echo"
        typealias Trigger = PublishTrigger<Int>
        typealias Callback = Int
    }

    func run() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let worker = try await RedisBackend.connect(server.url)
        let publisher = try await RedisBackend.connect(server.url)
        let probe = try RedisProbe(port: server.port)
        let handler = TaskHandler.on(Echo.self) { number, _ in
            try await Task.sleep(for: .milliseconds(500))
            return number
        }
        let configuration = DispatcherConfiguration(
            maximumConcurrentTasks: 100,
            lease: LeasePolicy(duration: .seconds(2))
        )
        let running = WorkerDispatcher(worker, handlers: handler, configuration: configuration).launch()
        let name = try TaskName(Echo.name)
        let first = try await publish(publisher, 0..<100)
        _ = try await wait(atMost: .seconds(10)) { try await publisher.statistics(of: name).leased == 100 }
        _ = try probe.command("FLUSHALL")
        let second = try await publish(publisher, 1000..<1100)
        let before = await outcomes(first, from: 0)
        let after = await outcomes(second, from: 1000)
        try await running.drain()
        var report = Report(experiment: "flush")
        report.figures["before_flush_own_result"] = Double(before.own)
        report.figures["before_flush_no_result"] = Double(before.none)
        report.figures["after_flush_own_result"] = Double(after.own)
        report.figures["cross_results"] = Double(before.foreign + after.foreign)
        report.goals["new tasks run"] = after.own == 100
        report.goals["no cross results"] = before.foreign + after.foreign == 0
        try report.print()
        worker.close()
        publisher.close()
    }

    /// Publishes with ids that return after the flush, so that a cross result would show.
    private func publish(_ backend: RedisBackend, _ numbers: Range<Int>) async throws -> [AwaitableTask<Echo>] {
        var tasks: [AwaitableTask<Echo>] = []
        for number in numbers {
            let options = PublishOptions(id: try TaskID("task-\(number - numbers.lowerBound)"))
            tasks.append(try await backend.publishAwaitable(Echo.self, number, options: options))
        }
        return tasks
    }

    private func outcomes(_ tasks: [AwaitableTask<Echo>], from base: Int) async -> (own: Int, foreign: Int, none: Int) {
        await withTaskGroup(of: Bool?.self) { group in
            for (index, task) in tasks.enumerated() {
                group.addTask {
                    do {
                        return try await task.wait(timeout: .seconds(8)) == base + index
                    } catch {
                        return nil
                    }
                }
            }
            var result = (own: 0, foreign: 0, none: 0)
            for await outcome in group {
                switch outcome {
                case true: result.own += 1
                case false: result.foreign += 1
                default: result.none += 1
                }
            }
            return result
        }
    }
}
