import BellowsTesting
import Foundation
import TestTurns
import Testing

@testable import Bellows

@Suite(.turn) struct AwaitableTaskTests {
    private enum Sum: TaskDefinition {
        static let name = "sum"
        typealias Trigger = PublishTrigger<[Int]>
        typealias Callback = Int
        static let options = TaskOptions(resultRetention: .seconds(60), partitions: 3)
    }

    private let backend = InMemoryBackend()
    private let handler = TaskHandler.on(Sum.self) { numbers, _ in numbers.reduce(0, +) }

    @Test func aHandleIsMadeByIDBeforeAndAfterTheTaskHasRun() async throws {
        let id = try await backend.publish(Sum.self, [1, 2]).id
        let early = backend.task(Sum.self, id)
        #expect(early.id == id && early.published == nil)
        let waiting = Task { try await early.wait() }
        #expect(try await backend.runTaskOnce(handler, id: id) == .done)
        #expect(try await waiting.value == 3)
        #expect(try await backend.task(Sum.self, id).wait() == 3)
        #expect(try await early.wait(timeout: .zero) == 3)
    }

    @Test func whatThePublishAnsweredIsKept() async throws {
        let options = PublishOptions(id: try TaskID("one"))
        let first = try await backend.publishAwaitable(Sum.self, [1], options: options)
        #expect(first.published?.disposition == .new)
        let second = try await backend.publishAwaitable(Sum.self, [1], options: options)
        #expect(second.published?.disposition == .alreadyPublished)
    }

    @Test func aTaskThatNobodyKnowsIsUnknown() async throws {
        let error = await #expect(throws: TaskAwaitError.self) { try await backend.task(Sum.self, TaskID()).wait() }
        guard case .unknown = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    @Test func workersKnowWhenTheirTaskWasPublished() async throws {
        let before = Date().addingTimeInterval(-0.01)
        let dates = EventProbe<Date?>()
        let handler = TaskHandler.on(Sum.self) { _, context in
            dates.record(context.publishedAt)
            return 0
        }
        let id = try await backend.publish(Sum.self, []).id
        #expect(try await backend.runTaskOnce(handler, id: id) == .done)
        // An id that somebody gave may look like one of the library's; its time means nothing.
        let own = PublishOptions(id: TaskID())
        #expect(try await backend.runTaskOnce(handler, id: backend.publish(Sum.self, [], options: own).id) == .done)
        let date = try #require(dates.events[0])
        #expect(date >= before && date <= Date())
        #expect(dates.events[1] == nil)
    }
}
