import ArgumentParser
import Bellows
import BellowsRedis
import RedisFixture

/// The rate of processing when every round trip takes longer.
struct RttCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "rtt")

    @OptionGroup var target: ServerOption
    @Option(help: "How many tasks.") var count = 100_000
    @Option(help: "How many slots.") var slots = 100

    func run() async throws {
        var report = Report(experiment: "rtt")
        for (milliseconds, goal) in [(1, 40_000.0), (2, 25_000.0)] {
            let server = try target.start()
            defer { server.stop() }
            let filler = try await RedisBackend.connect(server.url)
            let payloads = Array(repeating: BenchDefinition.payload, count: count)
            for outcome in try await filler.publish(BenchDefinition.self, contentsOf: payloads) {
                _ = try outcome.get()
            }
            filler.close()
            let proxy = try calibratedProxy(server, .milliseconds(milliseconds))
            defer { proxy.stop() }
            report.figures["ping_ms_at_\(milliseconds)_ms"] = try RedisProbe(port: proxy.port).pingRoundTrip(count: 300)
            let backend = try await RedisBackend.connect(proxy.url)
            let rate = try await Drain(count: count).rate(backend, slots: slots)
            backend.close()
            report.figures["per_s_at_\(milliseconds)_ms"] = rate
            report.goals[">= \(Int(goal)) a second at \(milliseconds) ms"] = rate >= goal
        }
        report.figures["slots"] = Double(slots)
        try report.print()
    }

    /// A proxy that adds what was asked for: its threads take a while to wake up, and that is taken off the delay.
    private func calibratedProxy(_ server: RedisServer, _ roundTrip: Duration) throws -> DelayProxy {
        let first = try DelayProxy(forwardingTo: server.port, roundTrip: roundTrip)
        defer { first.stop() }
        let direct = try RedisProbe(port: server.port).pingRoundTrip(count: 300)
        let added = Duration.milliseconds(1) * (try RedisProbe(port: first.port).pingRoundTrip(count: 300) - direct)
        return try DelayProxy(forwardingTo: server.port, roundTrip: max(.zero, roundTrip - (added - roundTrip)))
    }
}
