import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import Histogram
import RedisFixture
import Synchronization

/// How late delayed tasks start while a million others wait.
struct DelayedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "delayed")

    @OptionGroup var target: ServerOption
    @Option(help: "How many tasks wait for later.") var waiting = 1_000_000
    @Option(help: "How many tasks become due during the measurement.") var count = 1000

    func run() async throws {
        let server = try target.start()
        defer { server.stop() }
        let backend = try await RedisBackend.connect(server.url)
        let later = PublishOptions(availability: .after(.seconds(3600)))
        for _ in 0..<(waiting / 100_000) {
            let payloads = Array(repeating: BenchDefinition.payload, count: 100_000)
            let outcomes = try await backend.publish(BenchDefinition.self, contentsOf: payloads, options: later)
            for outcome in outcomes { _ = try outcome.get() }
        }
        let histogram = Mutex(Histogram<UInt64>(numberOfSignificantValueDigits: .three))
        let early = Atomic(0)
        let (done, source) = AsyncStream.makeStream(of: Void.self)
        let handler = TaskHandler(name: try TaskName(BenchDefinition.name)) { bytes, _ in
            let due = bytes.reduce(Int64(0)) { $0 << 8 | Int64($1) }
            let late = Int64(Date().timeIntervalSince1970 * 1e6) - due
            // The store counts whole milliseconds, and both clocks are this machine's.
            if late < -1000 { early.add(1, ordering: .relaxed) }
            histogram.withLock { _ = $0.record(UInt64(max(0, late))) }
            source.yield()
            return []
        }
        let running = WorkerDispatcher(backend, handlers: [handler]).launch()
        for number in 0..<count {
            // Each has a time of its own in the next seconds; some earlier than those published before.
            let delay = Duration.milliseconds(500 + (number * 7919) % 4000)
            let due = Int64(Date().timeIntervalSince1970 * 1e6) + Int64(delay / .microseconds(1))
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: due >> (56 - 8 * $0)) }
            let options = PublishOptions(availability: .after(delay))
            try await backend.publish(BenchDefinition.self, bytes, options: options)
        }
        var iterator = done.makeAsyncIterator()
        for _ in 0..<count { await iterator.next() }
        try await running.drain()
        var report = Report(experiment: "delayed")
        report.figures["waiting"] = Double(waiting)
        report.figures["became_due"] = Double(count)
        for percentile in [50.0, 99, 100] {
            let value = histogram.withLock { $0.valueAtPercentile(percentile) }
            report.figures["late_p\(Int(percentile))_ms"] = Double(value) / 1e3
        }
        report.figures["early"] = Double(early.load(ordering: .relaxed))
        report.goals["p99 <= 10 ms"] = histogram.withLock { $0.valueAtPercentile(99) } <= 10_000
        report.goals["none early"] = early.load(ordering: .relaxed) == 0
        try report.print()
        backend.close()
    }
}
