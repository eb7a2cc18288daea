import ArgumentParser
import Bellows
import BellowsRedis
import Foundation
import RedisFixture

/// What a thousand idle dispatchers send because of one task that is due at once, and of one that is due later.
struct HerdCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "herd")

    @OptionGroup var target: ServerOption
    @Option(help: "How many worker processes.") var processes = 20
    @Option(help: "How many dispatchers in each.") var dispatchers = 50

    func run() async throws {
        let bench = try await WorkerBench(
            lease: 20_000,
            slots: 16,
            busy: 1,
            workers: processes,
            dispatchers: dispatchers,
            on: target
        )
        defer { bench.end() }
        let probe = try RedisProbe(port: bench.server.port)
        // Everybody listens, and the sweeps that follow are over.
        _ = try await wait(atMost: .seconds(30)) {
            let text = try probe.command("PUBSUB", "NUMSUB", "bellows:2:{\(bench.name)}:wake")
            return text == .array([.bytes(Array("bellows:2:{\(bench.name)}:wake".utf8)), .integer(Int64(processes))])
        }
        try await Task.sleep(for: .seconds(2))
        var report = Report(experiment: "herd")
        report.figures["idle_dispatchers"] = Double(processes * dispatchers)
        let now = try await commands(bench, PublishOptions())
        let later = try await commands(bench, PublishOptions(availability: .after(.seconds(1))))
        report.figures["commands_for_one_task"] = now
        report.figures["commands_for_one_delayed_task"] = later
        report.goals["<= 5 commands for one task"] = now <= 5
        report.goals["<= 8 commands for one delayed task"] = later <= 8
        try report.print()
    }

    /// Commands that were sent in three seconds around one task, without the idle sweeps.
    private func commands(_ bench: WorkerBench, _ options: PublishOptions) async throws -> Double {
        let monitor = try RedisMonitor(port: bench.server.port)
        try await Task.sleep(for: .milliseconds(300))
        _ = try await bench.backend.publish([PublishRequest(payload: [], options: options)], to: bench.name)
        try await Task.sleep(for: .seconds(3))
        let lines = try monitor.stop().filter { !$0.contains("lua]") }
        return Double(lines.count { !$0.contains(":layout\"") })
    }
}
