import ArgumentParser
import Bellows
import BellowsRedis
import RedisFixture

/// The rate of processing with a million ready tasks behind it, against the rate with a thousand.
struct BacklogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "backlog")

    @OptionGroup var target: ServerOption
    @Option(help: "How many tasks are ready.") var large = 1_000_000
    @Option(help: "How many tasks are ready in the comparison.") var small = 1000
    @Option(help: "How often as many as in the comparison are processed.") var rounds = 100
    @Option(help: "How many runs of so many rounds; the median counts.") var runs = 3
    @Option(help: "How many tasks run at a time.") var slots = 200

    func run() async throws {
        let servers = [try RedisServer.start(), try target.start()]
        defer { for server in servers { server.stop() } }
        let idle = try await RedisBackend.connect(servers[0].url)
        let full = try await RedisBackend.connect(servers[1].url)
        try await fill(full, self.large)
        var results: [(small: Double, large: Double)] = []
        for _ in 0..<runs { results.append(try await compare(idle, full)) }
        var report = Report(experiment: "backlog")
        let ratio = RatioRuns.median(results.map { $0.large / $0.small })
        report.figures["per_s_small"] = RatioRuns.median(results.map(\.small))
        report.figures["per_s_large"] = RatioRuns.median(results.map(\.large))
        report.figures["ratio"] = ratio
        report.figures["slots"] = Double(slots)
        let resident = try ProcessUsage.residentBytes() / Double(1 << 20)
        report.figures["rss_mb"] = resident
        report.goals["ratio >= 0.9"] = ratio >= 0.9
        report.goals["RSS <= 150 MB"] = resident <= 150
        try report.print()
        idle.close()
        full.close()
    }

    /// The median rates of the rounds with nothing behind them, and with a large backlog.
    private func compare(_ idle: RedisBackend, _ full: RedisBackend) async throws -> (small: Double, large: Double) {
        var (few, many): ([Double], [Double]) = ([], [])
        // In turns, and the same rounds for both: what is claimed before the first handler starts counts alike.
        for _ in 0..<rounds {
            try await fill(idle, small)
            few.append(try await Drain(count: small).rate(idle, slots: slots))
            many.append(try await Drain(count: small).rate(full, slots: slots))
        }
        return (RatioRuns.median(few), RatioRuns.median(many))
    }

    private func fill(_ backend: RedisBackend, _ count: Int) async throws {
        var left = count
        while left > 0 {
            let part = min(left, 10_000)
            let payloads = Array(repeating: BenchDefinition.payload, count: part)
            for outcome in try await backend.publish(BenchDefinition.self, contentsOf: payloads) {
                _ = try outcome.get()
            }
            left -= part
        }
    }
}
