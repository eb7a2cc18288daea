import ArgumentParser
import Bellows
import BellowsRedis
import RedisFixture

/// The replies to 300 publishes with ids, 300 claims and 300 finishes are dropped after Redis has carried them out.
struct LostRepliesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "lost-replies")

    @Option(help: "How many of each.") var count = 300

    func run() async throws {
        let server = try RedisServer.start()
        defer { server.stop() }
        let proxy = try FaultProxy(forwardingTo: server.port)
        let backend = try await RedisBackend.connect(proxy.url)
        defer { backend.close() }
        let name = try TaskName("bench.lost-replies")
        var (isNew, claimed, done) = (0, 0, 0)
        for number in 0..<count {
            let options = PublishOptions(id: try TaskID("task-\(number)"))
            proxy.dropNextReply()
            let published = try await backend.publish([PublishRequest(payload: [1], options: options)], to: name)
            isNew += published[0].disposition == .new ? 1 : 0
        }
        let stored = try await backend.statistics(of: name).ready
        var attempts = 0
        for _ in 0..<count {
            proxy.dropNextReply()
            let request = ClaimRequest(name: name, selection: .earliest(1), lease: .seconds(60))
            guard case .claimed(let tasks, _) = try await backend.claim(request), let task = tasks.first else {
                continue
            }
            claimed += tasks.count
            attempts += task.attempt
            proxy.dropNextReply()
            done += try await backend.finish([FinishRequest(lease: task.lease)], in: name) == [.done] ? 1 : 0
        }
        let finished = try await backend.statistics(of: name).finishedTotal
        var report = Report(experiment: "lost-replies")
        report.figures["publishes"] = Double(count)
        report.figures["answered_new"] = Double(isNew)
        report.figures["stored"] = Double(stored)
        report.figures["claimed"] = Double(claimed)
        report.figures["attempts"] = Double(attempts)
        report.figures["answered_done"] = Double(done)
        report.figures["finished_total"] = Double(finished)
        report.figures["connections"] = Double(proxy.acceptedConnections)
        report.goals["stored = distinct ids"] = stored == count && isNew == count
        report.goals["each claimed and finished once"] =
            claimed == count && attempts == count && done == count && finished == count
        try report.print()
    }
}
