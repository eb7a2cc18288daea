import Testing

@testable import Bellows

@Suite struct TaskOptionsTests {
    private enum Plain: TaskDefinition {
        static let name = "plain"
        typealias Trigger = PublishTrigger<String>
    }

    private enum Everything: TaskDefinition {
        static let name = "everything"
        typealias Trigger = PublishTrigger<String>
        static let options = TaskOptions(
            retry: RetryPolicy(maximumAttempts: 8, backoff: Backoff(base: .seconds(2))),
            resultRetention: .seconds(60),
            partitions: 4
        )
    }

    private enum Broken: TaskDefinition {
        static let name = "broken"
        typealias Trigger = PublishTrigger<String>
        static let options = TaskOptions(resultRetention: .seconds(-1))
    }

    /// Reads the options as the library does: by the requirement, not by the type's own member.
    private func options<Definition: TaskDefinition>(_ definition: Definition.Type) -> TaskOptions {
        definition.options
    }

    @Test func everyOptionIsReadThroughTheRequirement() {
        let options = options(Everything.self)
        #expect(options.retry.maximumAttempts == 8)
        #expect(options.retry.backoff.base == .seconds(2))
        #expect(options.resultRetention == .seconds(60))
        #expect(options.partitions == 4)
        #expect(TaskHandler.on(Everything.self) { _, _ in }.options == Everything.options)
    }

    @Test func withoutOptionsTheDefaultsHold() {
        let options = options(Plain.self)
        #expect(options == TaskOptions())
        #expect(options.retry == RetryPolicy())
        #expect(options.retry.maximumAttempts == 5)
        #expect(options.resultRetention == nil)
        #expect(options.partitions == 1)
    }

    @Test(
        arguments: [
            TaskOptions(retry: RetryPolicy(maximumAttempts: 0)),
            TaskOptions(retry: RetryPolicy(backoff: Backoff(factor: 0))),
            TaskOptions(resultRetention: .seconds(-1)), TaskOptions(resultRetention: .seconds(Int64.max)),
            TaskOptions(partitions: 0), TaskOptions(partitions: 257),
        ]
    )
    func whatCannotWorkIsRefused(_ options: TaskOptions) {
        for kind in [TaskKind.published, .singleton] {
            let error = #expect(throws: BellowsError.self) { try options.validate(for: kind) }
            #expect(error?.code == .invalidInput)
        }
    }

    @Test func singletonsHaveNoResultsAndNoPartitions() throws {
        try TaskOptions(retry: RetryPolicy(maximumAttempts: 2)).validate(for: .singleton)
        #expect(throws: BellowsError.self) { try TaskOptions(partitions: 2).validate(for: .singleton) }
        #expect(throws: BellowsError.self) { try TaskOptions(resultRetention: .zero).validate(for: .singleton) }
    }

    @Test func publishersAndWorkersSayWhatIsWrongBeforeAnythingIsSent() async throws {
        let backend = InMemoryBackend()
        let published = try await #require(throws: BellowsError.self) { try await backend.publish(Broken.self, "x") }
        #expect(published.code == .invalidInput)
        #expect(try await backend.definitionNames().isEmpty)
        let handler = TaskHandler.on(Broken.self) { _, _ in }
        let run = await #expect(throws: BellowsError.self) {
            try await WorkerDispatcher(backend, handlers: handler).run()
        }
        #expect(run == published)
        await #expect(throws: published) { try await backend.runTaskOnce(handler) }
    }
}
