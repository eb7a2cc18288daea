import Foundation
import RedisFixture

/// Three runs, each between two readings of the baseline; the median counts.
struct RatioRuns {
    private(set) var ratios: [Double] = []
    private(set) var baselines: [Double] = []
    private(set) var runs: [Throughput] = []

    /// Makes the runs, each on a server of its own unless one was named.
    static func make(
        _ count: Int = 3,
        on target: ServerOption,
        arguments: [String] = [],
        _ run: (RedisServer) async throws -> Throughput
    ) async throws -> RatioRuns {
        let baseline = try Baseline()
        defer { baseline.stop() }
        var result = RatioRuns()
        for _ in 0..<count {
            let server = try target.start(arguments: arguments)
            defer { server.stop() }
            let before = try baseline.rate()
            let throughput = try await run(server)
            let mean = (before + (try baseline.rate())) / 2
            result.baselines.append(mean)
            result.ratios.append(throughput.rate / mean)
            result.runs.append(throughput)
        }
        return result
    }

    /// The median of the ratios.
    var ratio: Double { Self.median(ratios) }

    /// Puts the medians into a report.
    func add(to report: inout Report) {
        report.figures["baseline_per_s"] = Self.median(baselines)
        report.figures["per_s"] = Self.median(runs.map(\.rate))
        report.figures["ratio"] = ratio
        report.figures["redis_us_per_task"] = Self.median(runs.map(\.serverCost))
        report.figures["script_calls_per_task"] = Self.median(runs.map(\.calls))
        report.figures["slowest_script_ms"] = runs.map(\.slowest).max() ?? 0
        report.figures["process_us_per_task"] = Self.median(runs.map(\.clientCost))
    }

    static func median(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }
}
