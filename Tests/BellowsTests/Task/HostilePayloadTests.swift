import Foundation
import Logging
import TestTurns
import Testing

@testable import Bellows
import BellowsHistory

/// Payloads that somebody else made: whatever they are, decoding ends with a value or an error.
@Suite(.turn) struct HostilePayloadTests {
    private struct Letter: Codable, Sendable, Equatable {
        let name: String
        let pages: [Int]
        let parent: [Letter]?
    }

    private enum Post: TaskDefinition {
        static let name = "post"
        typealias Trigger = PublishTrigger<Letter>
    }

    private func outcome(_ payload: [UInt8]) async throws -> AttemptResult {
        let handler = TaskHandler.on(Post.self) { _, _ in }
        let task = try Fixtures.task("a", name: "post", payload: payload)
        let live = TaskContext.Live(deadline: MonotonicInstant(ContinuousClock.now))
        return await handler.attempt(task, TaskContext(task: task, logger: Logger(label: "test"), live: live))
    }

    @Test("Values within values without end do not exhaust the stack", arguments: [1_000, 100_000, 500_000])
    func depth(levels: Int) async throws {
        for (open, close) in [("[", "]"), (#"{"parent":["#, "]}"), (#"{"a":"#, "}")] {
            let text = String(repeating: open, count: levels) + String(repeating: close, count: levels)
            guard case .failure(.dead(let reason)) = try await outcome(Array(text.utf8)) else {
                Issue.record("\(open) is taken")
                return
            }
            #expect(reason.hasPrefix("undecodable payload"))
        }
    }

    @Test("Damaged payloads of all kinds are dead or right")
    func damage() async throws {
        let good = Array(
            #"{"name":"A\\u00e9","pages":[1,-2,3e2,9223372036854775807],"parent":[{"name":"","pages":[]}]}"#.utf8
        )
        guard case .success = try await outcome(good) else {
            Issue.record("the good one is not taken")
            return
        }
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            var bytes = good
            for _ in 0...Int.random(in: 0..<4, using: &generator) {
                let place = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
                case 2 where bytes.count > 1: bytes.remove(at: place)
                default: bytes += bytes[place...]
                }
            }
            switch try await outcome(bytes) {
            case .success, .failure(.dead): break
            case let other: Issue.record("\(other)")
            }
        }
    }
}
