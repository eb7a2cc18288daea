import ArgumentParser
import Bellows
import BellowsRedis
import Histogram
import RedisFixture

/// From the call of publish to the result in hand: one at a time on an idle queue, then many at a time.
struct AwaitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "await")

    @OptionGroup var target: ServerOption
    @Option(help: "How many tasks one at a time.") var count = 2000
    @Option(help: "How many tasks many at a time.") var many = 60_000
    @Option(help: "How many at a time.") var inFlight = 500

    func run() async throws {
        let server = try target.start()
        defer { server.stop() }
        let publisher = try await RedisBackend.connect(server.url)
        let worker = try await RedisBackend.connect(server.url)
        let handler = TaskHandler(name: try TaskName(ResultDefinition.name)) { bytes, _ in Array(bytes.prefix(20)) }
        let configuration = DispatcherConfiguration(maximumConcurrentTasks: 200)
        let running = WorkerDispatcher(worker, handlers: [handler], configuration: configuration).launch()

        var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
        for number in 0..<(count + 200) {
            let begin = ContinuousClock.now
            let task = try await publisher.publishAwaitable(ResultDefinition.self, BenchDefinition.payload)
            _ = try await task.wait(timeout: .seconds(20))
            if number >= 200 { histogram.record(UInt64((ContinuousClock.now - begin) / .nanoseconds(1))) }
        }
        let each = many / inFlight
        let throughput = try await Throughput.measure(server, count: each * inFlight) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<inFlight {
                    group.addTask {
                        for _ in 0..<each {
                            let task = try await publisher.publishAwaitable(
                                ResultDefinition.self,
                                BenchDefinition.payload
                            )
                            _ = try await task.wait(timeout: .seconds(20))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        try await running.drain()
        var report = Report(experiment: "await")
        for percentile in [50.0, 99] {
            report.figures["p\(Int(percentile))_ms"] = Double(histogram.valueAtPercentile(percentile)) / 1e6
        }
        report.figures["per_s"] = throughput.rate
        report.figures["in_flight"] = Double(inFlight)
        report.figures["redis_us_per_task"] = throughput.serverCost
        report.figures["process_us_per_task"] = throughput.clientCost
        report.goals["p50 <= 0.5 ms"] = histogram.valueAtPercentile(50) <= 500_000
        report.goals[">= 30,000 a second"] = throughput.rate >= 30_000
        try report.print()
        publisher.close()
        worker.close()
    }
}

/// Bytes in, bytes out.
private enum ResultDefinition: TaskDefinition {
    static let name = "bench.result"
    static let codec = RawPayloadCodec()
    typealias Trigger = PublishTrigger<[UInt8]>
    typealias Callback = [UInt8]
}
