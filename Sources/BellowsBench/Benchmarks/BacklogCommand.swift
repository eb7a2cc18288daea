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

    func run() async throws {
        let servers = [try RedisServer.start(), try target.start()]
        defer { for server in servers { server.stop() } }
        let idle = try await RedisBackend.connect(servers[0].url)
        let full = try await RedisBackend.connect(servers[1].url)
        var (small, large): ([Double], [Double]) = ([], [])
        try await fill(full, self.large)
        // In turns, and the same rounds for both: what is claimed before the first handler starts counts alike.
        for _ in 0..<rounds {
            try await fill(idle, self.small)
            small.append(try await Drain(count: self.small).rate(idle))
            large.append(try await Drain(count: self.small).rate(full))
        }
        var report = Report(experiment: "backlog")
        let (few, many) = (RatioRuns.median(small), RatioRuns.median(large))
        report.figures["per_s_small"] = few
        report.figures["per_s_large"] = many
        report.figures["ratio"] = many / few
        let resident = try ProcessUsage.residentBytes() / Double(1 << 20)
        report.figures["rss_mb"] = resident
        report.goals["ratio >= 0.9"] = many / few >= 0.9
        report.goals["RSS <= 150 MB"] = resident <= 150
        try report.print()
        idle.close()
        full.close()
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
