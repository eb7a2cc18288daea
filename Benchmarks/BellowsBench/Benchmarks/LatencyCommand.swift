import ArgumentParser
import Bellows
import BellowsRedis
import Histogram
import RedisFixture
import Synchronization

/// From the call of publish to the start of the handler, on an idle queue.
struct LatencyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "latency")

    @OptionGroup var target: ServerOption
    @Option(help: "How many tasks, one after the other.") var count = 3000
    @Flag(help: "Through a unix socket instead of TCP.") var unix = false

    func run() async throws {
        let server = try target.start()
        defer { server.stop() }
        if unix, target.url != nil { throw ValidationError("--unix needs a server of its own, without --url") }
        let url = unix ? server.unixURL : server.url
        let publisher = try await RedisBackend.connect(url)
        let worker = try await RedisBackend.connect(url)
        let name = try TaskName("bench.latency")
        let (starts, source) = AsyncStream.makeStream(of: ContinuousClock.Instant.self)
        let handler = TaskHandler(name: name) { _, _ in
            source.yield(.now)
            return []
        }
        let running = WorkerDispatcher(worker, handlers: [handler]).launch()
        var iterator = starts.makeAsyncIterator()
        var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
        var publishes = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
        let payload = [UInt8](repeating: 120, count: 100)
        for number in 0..<(count + 200) {
            let begin = ContinuousClock.now
            _ = try await publisher.publish([PublishRequest(payload: payload)], to: name)
            let published = ContinuousClock.now
            guard let start = await iterator.next() else { break }
            // The queue is idle again when the finish is through.
            while try await !publisher.statistics(of: name).isEmpty {}
            guard number >= 200 else { continue }
            histogram.record(UInt64((start - begin) / .nanoseconds(1)))
            publishes.record(UInt64((published - begin) / .nanoseconds(1)))
        }
        try await running.drain()
        let baseline = try RedisProbe(port: server.port).pingRoundTrip()
        var report = Report(experiment: "latency")
        for percentile in [50.0, 90, 99, 99.9] {
            report.figures["p\(percentile)_ms"] = Double(histogram.valueAtPercentile(percentile)) / 1e6
        }
        report.figures["publish_call_p50_ms"] = Double(publishes.valueAtPercentile(50)) / 1e6
        report.figures["ping_round_trip_p50_ms"] = baseline
        report.figures["p50_in_ping_round_trips"] = Double(histogram.valueAtPercentile(50)) / 1e6 / baseline
        report.goals["p50 <= 0.25 ms"] = histogram.valueAtPercentile(50) <= 250_000
        try report.print()
        publisher.close()
        worker.close()
    }
}
