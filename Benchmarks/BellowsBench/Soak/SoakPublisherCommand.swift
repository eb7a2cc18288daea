import ArgumentParser
import Bellows
import BellowsHistory
import BellowsRedis
import Foundation

/// A publisher process of a soak, which notes what was acknowledged and what its waiters got.
struct SoakPublisherCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "soak-publisher", shouldDisplay: false)

    @Option var url: String
    @Option var events: String
    @Option var seed: UInt64
    @Option(help: "Tasks per second.") var rate: Int
    @Option(help: "Publishing ends when this file is gone.") var flag: String

    private static let lanes = 16

    func run() async throws {
        let events = try EventFile(path: events)
        var configuration = try RedisConfiguration(url: url)
        configuration.commandTimeout = .seconds(10)
        let backend = try RedisBackend(configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<Self.lanes {
                let generator = SeededGenerator(seed: seed &* 1000 &+ UInt64(lane))
                group.addTask { try await publish(lane, backend, events, generator) }
            }
            try await group.waitForAll()
        }
        backend.close()
    }

    /// Publishes until told, and waits for the results.
    private func publish(
        _ lane: Int,
        _ backend: RedisBackend,
        _ events: EventFile,
        _ generator: SeededGenerator
    ) async throws {
        var generator = generator
        var number = 0
        let pause = Duration.microseconds(1_000_000 * Self.lanes / rate)
        try await withThrowingDiscardingTaskGroup { waiters in
            while FileManager.default.fileExists(atPath: flag) {
                number += 1
                let (kind, begin) = (SoakKind.random(using: &generator), sharedMilliseconds())
                let delay = kind == .delayed ? Int.random(in: 1...5000, using: &generator) : 0
                var request = PublishRequest(payload: Array("\(lane)-\(number) \(sharedMilliseconds() + delay)".utf8))
                if kind == .delayed { request.options.availability = .after(.milliseconds(delay)) }
                if kind == .awaited { request.options.resultRetention = .seconds(120) }
                if kind == .given {
                    request.options.id = try TaskID("\(getpid())-\(lane)-\(number)")
                    _ = try await publishStubbornly(backend, request, to: kind.name)
                }
                let (name, payload) = (try kind.name, request.payload)
                do {
                    let published = try await backend.publish(request, to: kind.partitions)
                    events.append("acknowledged \(kind.rawValue) \(published.id) \(begin)")
                    if kind == .awaited {
                        waiters.addTask { try await wait(for: published, since: begin, name, payload, backend, events) }
                    }
                } catch let error as BellowsError where error.isRetryable {
                    if let id = request.options.id {
                        // It was acknowledged before.
                        events.append("acknowledged \(kind.rawValue) \(id) \(begin)")
                    } else if error.code == .storeFull {
                        events.append("refused \(kind.rawValue)")
                    } else {
                        // Stored or not: only the store knows.
                        events.append("unknown \(kind.rawValue) -")
                    }
                }
                try await Task.sleep(for: pause)
            }
        }
    }

    private func wait(
        for published: PublishedTask,
        since begin: Int,
        _ name: TaskName,
        _ payload: [UInt8],
        _ backend: RedisBackend,
        _ events: EventFile
    ) async throws {
        let word: String
        do {
            let result = try await backend.awaitResult(
                of: published.id,
                run: published.run,
                in: name,
                timeout: .seconds(60)
            )
            word = result == payload ? "right" : "wrong"
        } catch {
            word = "none"
            events.append("reason \(published.id) \(String(describing: error).replacing(" ", with: "_"))")
        }
        events.append("result \(published.id) \(word) \(begin) \(sharedMilliseconds())")
    }
}
