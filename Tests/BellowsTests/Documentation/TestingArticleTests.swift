import Bellows
import BellowsTesting
import TestTurns
import Testing

/// What the article Testing tasks shows.
@Suite(.turn) struct TestingArticleTests {
    enum Reminder: TaskDefinition {
        static let name = "mail.reminder"
        typealias Trigger = PublishTrigger<String>
        typealias Callback = Int
    }

    @Test func aHandlerIsRunAndAwaited() async throws {
        let backend = InMemoryBackend()
        let handler = TaskHandler.on(Reminder.self) { user, context in user.count }

        let running = WorkerDispatcher(backend, handlers: handler).launch()
        let task = try await backend.publishAwaitable(Reminder.self, "alice")
        #expect(try await task.wait(timeout: .seconds(30)) == 5)
        try await running.drain()
    }

    @Test func aReminderComesAnHourLater() async throws {
        let time = ManualTimeSource()
        let backend = InMemoryBackend(timeSource: time)
        let runs = EventProbe<RecordingWorker<Reminder>.Run>()
        let handler = TaskHandler.on { _ in RecordingWorker<Reminder>(runs) { _ in .done(1) } }

        let inAnHour = PublishOptions(availability: .after(.seconds(3600)))
        try await backend.publish(Reminder.self, "alice", options: inAnHour)
        let running = WorkerDispatcher(backend, handlers: handler).launch()
        #expect(await time.moveToNextTimer(notAfter: time.now + .seconds(3600)))
        try await runs.wait(forCount: 1)
        #expect(runs.events[0].input == "alice")
        try await running.drain()
    }

    @Test func aLostReplyStoresTheTaskOnce() async throws {
        let backend = FlakyBackend(InMemoryBackend())
        backend.inject(.replyLost, into: [.publish], count: 1)

        let options = PublishOptions(id: try TaskID("reminder:alice"))
        await #expect(throws: (any Error).self) {
            try await backend.publish(Reminder.self, "alice", options: options)
        }
        let again = try await backend.publish(Reminder.self, "alice", options: options)
        #expect(again.disposition == .alreadyPublished)
    }
}
